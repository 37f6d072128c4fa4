import { recordsOf, scenariosOf, asText, type Draft, type Placed } from './draft.ts';
import { methods } from './steps/methods.ts';
import { kindsOf } from './steps/index.ts';

/** The lists of steps directly inside a step. */
export const innerStepLists = (step: Placed<Draft>): Placed<Draft>[][] =>
  kindsOf(step.value).flatMap(({ inner }) => inner?.inDraft(step) ?? []);

/** Steps of a scenario as they run: onStart first. */
export const topStepsOf = (scenario: Placed<Draft>): Placed<Draft>[] => [
  ...recordsOf(scenario, 'onStart'),
  ...recordsOf(scenario, 'steps'),
];

/** Every step below `steps`, each before what it holds. */
export const withInnerSteps = (steps: readonly Placed<Draft>[]): Placed<Draft>[] =>
  steps.flatMap((step) => [step, ...withInnerSteps(innerStepLists(step).flat())]);

/** Lists of steps that run once a run, in their order. */
export const ONCE_KEYS = ['setup', 'checks', 'teardown'] as const;

/** Steps that run once a run. */
export const onceSteps = (draft: Draft, key: (typeof ONCE_KEYS)[number]): Placed<Draft>[] =>
  recordsOf({ path: [], value: draft }, key);

/** Every step of the plan, those that run once included. */
export const stepsOfPlan = (draft: Draft): Placed<Draft>[] => [
  ...withInnerSteps(ONCE_KEYS.flatMap((key) => onceSteps(draft, key))),
  ...scenariosOf(draft).flatMap((s) => withInnerSteps(topStepsOf(s))),
];

/** The method and path of an HTTP step as written; undefined of any other step. */
export function requestOf(step: Draft): { readonly method: string; readonly target: string } | undefined {
  const method = methods.find((candidate) => typeof step[candidate] === 'string');
  return method === undefined ? undefined : { method, target: asText(step[method]) ?? '' };
}
