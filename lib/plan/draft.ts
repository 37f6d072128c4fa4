import type { Path } from '../document/problems.ts';
import { methods } from './steps/http.ts';

/**
 * What may become a plan. Semantic checks read it without trust, beside the schema and not after it, so that a wrong line
 * hides no other: what has the wrong type reads as empty here, and the schema reports it.
 */
export type Draft = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Draft) : {};

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Something found in a draft, and where. */
export interface Found<Value> {
  readonly path: Path;
  readonly value: Value;
}

/** The records of the list `key` of `parent`. */
export const recordsOf = (parent: Found<Draft>, ...keys: Path): Found<Draft>[] => {
  const value = keys.reduce<unknown>((found, key) => record(found)[key], parent.value);
  return list(value).map((item, i) => ({ path: [...parent.path, ...keys, i], value: record(item) }));
};

export const scenariosOf = (draft: Draft): Found<Draft>[] => recordsOf({ path: [], value: draft }, 'scenarios');
export const phasesOf = (draft: Draft): Found<Draft>[] => recordsOf({ path: [], value: draft }, 'phases');

/** The lists of steps directly inside a step: a loop's one, a choice's several, nothing of the rest. */
export function innerStepLists(step: Found<Draft>): Found<Draft>[][] {
  if ('loop' in step.value) return [recordsOf(step, 'loop', 'steps')];
  return recordsOf(step, 'choose').map((choice) => recordsOf(choice, 'steps'));
}

/** Steps of a scenario in the order of running: onStart first. */
export const topStepsOf = (scenario: Found<Draft>): Found<Draft>[] => [
  ...recordsOf(scenario, 'onStart'),
  ...recordsOf(scenario, 'steps'),
];

/** Every step below `steps`, loops' and choices' included, each before what it holds. */
export const allSteps = (steps: readonly Found<Draft>[]): Found<Draft>[] =>
  steps.flatMap((step) => [step, ...allSteps(innerStepLists(step).flat())]);

export const stepsOfPlan = (draft: Draft): Found<Draft>[] => scenariosOf(draft).flatMap((s) => allSteps(topStepsOf(s)));

/** The method and path of an HTTP step as written; undefined of any other step. */
export function requestOf(step: Draft): { readonly method: string; readonly target: string } | undefined {
  const method = methods.find((candidate) => typeof step[candidate] === 'string');
  return method === undefined ? undefined : { method, target: text(step[method]) ?? '' };
}

/** Every text below `value`, at any depth. */
export function textsBelow({ path, value }: Found<unknown>): Found<string>[] {
  if (typeof value === 'string') return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((item, i) => textsBelow({ path: [...path, i], value: item }));
  return Object.entries(record(value)).flatMap(([key, item]) => textsBelow({ path: [...path, key], value: item }));
}

/** The entries of the map `keys` below `parent`. */
export function entriesOf(parent: Found<Draft>, ...keys: Path): (Found<unknown> & { readonly key: string })[] {
  const value = keys.reduce<unknown>((found, key) => record(found)[key], parent.value);
  return Object.entries(record(value)).map(([key, item]) => ({
    key,
    path: [...parent.path, ...keys, key],
    value: item,
  }));
}
