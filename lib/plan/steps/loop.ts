import { asRecord, asText, recordsOf } from '../draft.ts';
import { repeated } from './course.ts';
import type { HolderKind } from './kind.ts';

export interface LoopInput<AnyInput> {
  loop:
    | { times: number; as?: string | undefined; from?: number | undefined; steps: AnyInput[] }
    | { over: string; as: string; steps: AnyInput[] };
}

export interface LoopStep<AnyStep> {
  readonly kind: 'loop';
  readonly turns:
    | { readonly times: number; readonly as?: string | undefined; readonly from?: number | undefined }
    | { readonly over: string; readonly as: string };
  readonly steps: readonly AnyStep[];
}

/** The same steps several times over, or once for each item of a captured list. */
export const loop = <AnyInput, AnyStep>(): HolderKind<LoopInput<AnyInput>, LoopStep<AnyStep>, AnyInput, AnyStep> => ({
  keys: ['loop'],
  schema: ({ z, reference, variableName }, step) =>
    z.strictObject({
      loop: z.union([
        z.strictObject({
          times: z.int().min(1),
          as: variableName.optional().describe("The turn's number in the steps."),
          from: z.int().min(0).optional().describe('The number of the first turn; default 0.'),
          steps: z.array(step).min(1),
        }),
        z.strictObject({
          over: reference.describe('A captured list; what is no list is one item, and null or no value none.'),
          as: variableName.describe("The item's name in the steps."),
          steps: z.array(step).min(1),
        }),
      ]),
    }),
  lower: ({ loop: { steps, ...turns } }, lowerInner) => ({ kind: 'loop', turns, steps: steps.map(lowerInner) }),
  // How many items there are is known only when it runs.
  course: ({ turns, steps }, ofInner) => repeated(ofInner(steps), 'times' in turns ? turns.times : 1),
  lists: ['loop', 'over'],
  inner: {
    inDraft: (step) => [recordsOf(step, 'loop', 'steps')],
    inStep: ({ steps }) => [steps],
    times: (step) => asRecord(step['loop'])['times'],
    names: (step) => [asText(asRecord(step['loop'])['as']) ?? []].flat(),
    mayBeSkipped: true,
  },
});
