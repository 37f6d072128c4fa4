import { z } from 'zod';
import { asRecord, recordsOf } from '../draft.ts';
import type { Step, StepInput } from './index.ts';
import type { StepKind } from './kind.ts';

interface LoopInput {
  loop: { times: number; steps: StepInput[] };
}

export interface LoopStep {
  readonly kind: 'loop';
  readonly times: number;
  readonly steps: readonly Step[];
}

/** The same steps several times over. */
export const loop: StepKind<LoopInput, LoopStep> = {
  keys: ['loop'],
  schema: (step) => z.strictObject({ loop: z.strictObject({ times: z.int().min(1), steps: z.array(step).min(1) }) }),
  lower: ({ loop: { times, steps } }, lowerInner) => ({ kind: 'loop', times, steps: steps.map(lowerInner) }),
  thinkUs: ({ times, steps }, ofInner) => times * ofInner(steps),
  inner: {
    inDraft: (step) => [recordsOf(step, 'loop', 'steps')],
    inStep: ({ steps }) => [steps],
    times: (step) => asRecord(step['loop'])['times'],
  },
};
