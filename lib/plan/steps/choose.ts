import { recordsOf } from '../draft.ts';
import { oneOf } from './course.ts';
import type { HolderKind } from './kind.ts';

export interface ChooseInput<AnyInput> {
  choose: { weight?: number | undefined; steps: AnyInput[] }[];
}

export interface ChooseStep<AnyStep> {
  readonly kind: 'choose';
  readonly choices: readonly { readonly weight: number; readonly steps: readonly AnyStep[] }[];
}

/** What has the weight 0 is switched off: it is not a part of what is run. */
export const isWeighted = ({ weight }: { readonly weight?: number | undefined }): boolean => weight !== 0;

/** One of several lists of steps, by chance, in proportion to their weights. An empty list is a choice too. */
export const choose = <AnyInput, AnyStep>(): HolderKind<
  ChooseInput<AnyInput>,
  ChooseStep<AnyStep>,
  AnyInput,
  AnyStep
> => ({
  keys: ['choose'],
  schema: ({ z }, step) =>
    z.strictObject({
      choose: z.array(z.strictObject({ weight: z.number().min(0).optional(), steps: z.array(step) })).min(1),
    }),
  lower: ({ choose: choices }, lowerInner) => ({
    kind: 'choose',
    choices: choices
      .filter(isWeighted)
      .map(({ weight, steps }) => ({ weight: weight ?? 1, steps: steps.map(lowerInner) })),
  }),
  course: ({ choices }, ofInner) => oneOf(choices.map(({ weight, steps }) => ({ weight, course: ofInner(steps) }))),
  inner: {
    inDraft: (step) => recordsOf(step, 'choose').map((choice) => recordsOf(choice, 'steps')),
    inStep: ({ choices }) => choices.map(({ steps }) => steps),
  },
});
