import { recordsOf } from '../draft.ts';
import type { HolderKind } from './kind.ts';

export interface WhileInput<AnyInput> {
  while: string;
  atMost: number;
  atLeastOnce?: boolean | undefined;
  as?: string | undefined;
  steps: AnyInput[];
}

export interface WhileStep<AnyStep> {
  readonly kind: 'while';
  readonly condition: string;
  readonly atMost: number;
  /** The first turn is taken without asking. */
  readonly atLeastOnce: boolean;
  /** The variable that holds the turn's number, from 0. */
  readonly as?: string;
  readonly steps: readonly AnyStep[];
}

/** Steps that run again and again as long as a condition holds, and never more often than the plan says. */
export const whileTrue = <AnyInput, AnyStep>(): HolderKind<
  WhileInput<AnyInput>,
  WhileStep<AnyStep>,
  AnyInput,
  AnyStep
> => ({
  keys: ['while'],
  schema: ({ z, variableName }, step) =>
    z.strictObject({
      while: z.string().min(1).describe('A condition, asked before each turn, such as next or status == 202.'),
      atMost: z.int().min(1).describe('The most turns; then the journey goes on.'),
      atLeastOnce: z.boolean().optional().describe('Whether the first turn is taken without asking. Default false.'),
      as: variableName.optional().describe("The variable that holds the turn's number, from 0."),
      steps: z.array(step).min(1),
    }),
  lower: ({ while: condition, atMost, atLeastOnce = false, as, steps }, lowerInner) => ({
    kind: 'while',
    condition,
    atMost,
    atLeastOnce,
    ...(as !== undefined && { as }),
    steps: steps.map(lowerInner),
  }),
  // How often it runs is known only when it does; a turn is the least that says something of it.
  course: ({ steps }, ofInner) => ofInner(steps),
  conditions: ['while'],
  inner: {
    inDraft: (step) => [recordsOf(step, 'steps')],
    inStep: ({ steps }) => [steps],
    times: (step) => step['atMost'],
    names: (step) => [step['as']].filter((name) => typeof name === 'string'),
    mayBeSkipped: true,
  },
});
