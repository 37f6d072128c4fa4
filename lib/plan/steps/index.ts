import { call, type CallInput, type CallStep } from './call.ts';
import { choose, type ChooseInput, type ChooseStep } from './choose.ts';
import { inTurn, NO_COURSE, type Course } from './course.ts';
import { http, type HttpStep } from './http.ts';
import type { HttpInput } from './schemas/request.ts';
import { ifTrue, type IfInput, type IfStep } from './if.ts';
import type { HolderKind } from './kind.ts';
import { loop, type LoopInput, type LoopStep } from './loop.ts';
import { pause, type PauseInput, type PauseStep } from './pause.ts';
import { whileTrue, type WhileInput, type WhileStep } from './while.ts';

/** A step as it is written, of any kind. */
export type StepInput =
  | HttpInput
  | PauseInput
  | LoopInput<StepInput>
  | ChooseInput<StepInput>
  | CallInput
  | IfInput<StepInput>
  | WhileInput<StepInput>;

/** A step of any kind. */
export type Step = HttpStep | PauseStep | LoopStep<Step> | ChooseStep<Step> | CallStep | IfStep<Step> | WhileStep<Step>;

/** Every kind of step a plan can hold. A new one is a file, its line here, and its types above. */
const kinds: { readonly [Kind in Step['kind']]: AnyKind } = {
  http,
  pause,
  loop: loop(),
  choose: choose(),
  call,
  if: ifTrue(),
  while: whileTrue(),
};

type Holder = HolderKind<StepInput, Step, StepInput, Step>;
type AnyKind = Omit<Holder, 'inner'> & Partial<Pick<Holder, 'inner'>>;

export const stepKinds: readonly AnyKind[] = Object.values(kinds);

/** The kinds whose keys a step has: one where it is sound. */
export const kindsOf = (written: object): AnyKind[] =>
  stepKinds.filter(({ keys }) => keys.some((key) => key in written));

/** Lowers what the schema let through; it has the key of a kind by the schema's own rule. */
export const lowerStep = (input: StepInput): Step => (kindsOf(input)[0] ?? http).lower(input, lowerStep);

const innerStepsOf = (each: Step): Step[] => {
  const { inner } = kinds[each.kind];
  return inner === undefined ? [] : inner.inStep(each).flat();
};

/** Every step of `steps` at any depth, each before what it holds. */
export const allStepsOf = (steps: readonly Step[]): Step[] =>
  steps.flatMap((each) => [each, ...allStepsOf(innerStepsOf(each))]);

/** Every HTTP step below `steps`, as they follow each other in the plan. */
export const httpStepsOf = (steps: readonly Step[]): HttpStep[] =>
  allStepsOf(steps).filter((each) => each.kind === 'http');

/** What one run of `steps` comes to. */
export const courseOf = (steps: readonly Step[]): Course =>
  steps.reduce((sum, each) => inTurn(sum, kinds[each.kind].course(each, courseOf)), NO_COURSE);
