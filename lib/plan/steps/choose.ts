import { z } from 'zod';

export interface ChooseInput<Step> {
  choose: { weight?: number | undefined; steps: Step[] }[];
}

/** One of several lists of steps, by chance, in proportion to their weights. An empty list is a choice too. */
export const chooseSchema = <Step>(step: z.ZodType<Step>): z.ZodType<ChooseInput<Step>> =>
  z.strictObject({
    choose: z.array(z.strictObject({ weight: z.number().positive().optional(), steps: z.array(step) })).min(1),
  });

export interface ChooseStep<Step> {
  readonly kind: 'choose';
  readonly choices: readonly { readonly weight: number; readonly steps: readonly Step[] }[];
}

export const lowerChoose = <Input, Step>(
  { choose }: ChooseInput<Input>,
  lower: (step: Input) => Step,
): ChooseStep<Step> => ({
  kind: 'choose',
  choices: choose.map(({ weight, steps }) => ({ weight: weight ?? 1, steps: steps.map(lower) })),
});
