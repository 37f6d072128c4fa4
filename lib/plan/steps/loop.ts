import { z } from 'zod';

export interface LoopInput<Step> {
  loop: { times: number; steps: Step[] };
}

/** The same steps several times over. `step` is the schema of any step, handed in because loops hold steps of every kind. */
export const loopSchema = <Step>(step: z.ZodType<Step>): z.ZodType<LoopInput<Step>> =>
  z.strictObject({ loop: z.strictObject({ times: z.int().min(1), steps: z.array(step).min(1) }) });

export interface LoopStep<Step> {
  readonly kind: 'loop';
  readonly times: number;
  readonly steps: readonly Step[];
}

export const lowerLoop = <Input, Step>({ loop }: LoopInput<Input>, lower: (step: Input) => Step): LoopStep<Step> => ({
  kind: 'loop',
  times: loop.times,
  steps: loop.steps.map(lower),
});
