import { NO_COURSE } from './course.ts';
import type { StepKind } from './kind.ts';

export interface CallInput {
  call: string;
}

export interface CallStep {
  readonly kind: 'call';
  readonly name: string;
}

/** A function of the plan's hooks, called for what it does to the user's variables. */
export const call: StepKind<CallInput, CallStep> = {
  keys: ['call'],
  schema: ({ z, functionName }) => z.strictObject({ call: functionName.describe("A function of the plan's hooks.") }),
  lower: ({ call: name }) => ({ kind: 'call', name }),
  course: () => NO_COURSE,
};
