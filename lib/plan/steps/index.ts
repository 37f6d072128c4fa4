import { z } from 'zod';
import { chooseSchema, lowerChoose, type ChooseInput, type ChooseStep } from './choose.ts';
import { httpSchema, lowerHttp, type HttpInput, type HttpStep } from './http.ts';
import { loopSchema, lowerLoop, type LoopInput, type LoopStep } from './loop.ts';
import { lowerPause, pauseSchema, type PauseStep } from './pause.ts';

export type StepInput = HttpInput | z.infer<typeof pauseSchema> | LoopInput<StepInput> | ChooseInput<StepInput>;
export type Step = HttpStep | PauseStep | LoopStep<Step> | ChooseStep<Step>;

const anyStep: z.ZodType<StepInput> = z.lazy(() => step);

/** Every kind of step. A new one is a file, its line here and its line in `lowerStep`. */
export const step: z.ZodType<StepInput> = z
  .union([httpSchema, pauseSchema, loopSchema(anyStep), chooseSchema(anyStep)])
  .meta({ id: 'step' });

export function lowerStep(input: StepInput): Step {
  if ('pause' in input) return lowerPause(input);
  if ('loop' in input) return lowerLoop(input, lowerStep);
  if ('choose' in input) return lowerChoose(input, lowerStep);
  return lowerHttp(input);
}

/** Every HTTP step below `steps`, in the order in which it is written. */
export function httpStepsOf(steps: readonly Step[]): HttpStep[] {
  return steps.flatMap((each) => {
    switch (each.kind) {
      case 'http':
        return [each];
      case 'loop':
        return httpStepsOf(each.steps);
      case 'choose':
        return each.choices.flatMap((choice) => httpStepsOf(choice.steps));
      case 'pause':
        return [];
    }
  });
}
