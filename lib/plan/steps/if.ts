import { recordsOf } from '../draft.ts';
import { oneOf } from './course.ts';
import type { HolderKind } from './kind.ts';

export interface IfInput<AnyInput> {
  if: string;
  steps: AnyInput[];
  else?: AnyInput[] | undefined;
}

export interface IfStep<AnyStep> {
  readonly kind: 'if';
  readonly condition: string;
  readonly steps: readonly AnyStep[];
  readonly otherwise: readonly AnyStep[];
}

/** Steps that run where a condition holds, and others where it doesn't. */
export const ifTrue = <AnyInput, AnyStep>(): HolderKind<IfInput<AnyInput>, IfStep<AnyStep>, AnyInput, AnyStep> => ({
  keys: ['if'],
  schema: ({ z }, step) =>
    z.strictObject({
      if: z.string().min(1).describe('A condition such as status == 401, or not defined(token).'),
      steps: z.array(step).min(1),
      else: z.array(step).optional(),
    }),
  lower: ({ if: condition, steps, else: otherwise = [] }, lowerInner) => ({
    kind: 'if',
    condition,
    steps: steps.map(lowerInner),
    otherwise: otherwise.map(lowerInner),
  }),
  // Which of both runs is known only when it does.
  course: ({ steps, otherwise }, ofInner) =>
    oneOf([steps, otherwise].map((each) => ({ weight: 1, course: ofInner(each) }))),
  conditions: ['if'],
  inner: {
    inDraft: (step) => [recordsOf(step, 'steps'), recordsOf(step, 'else')],
    inStep: ({ steps, otherwise }) => [steps, otherwise],
    mayBeSkipped: true,
  },
});
