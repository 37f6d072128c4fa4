import type { Path } from '../document/problems.ts';

/**
 * What may become a plan. Checks beyond the schema run together with the schema and not after it, so that one wrong line hides
 * no other problem. They take no type for granted: what has the wrong type reads as empty here, and the schema reports it.
 */
export type Draft = Readonly<Record<string, unknown>>;

export const asRecord = (value: unknown): Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Draft) : {};

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Something found in a draft, and where. */
export interface Placed<Value> {
  readonly path: Path;
  readonly value: Value;
}

/** The records of the list `key` of `parent`. */
export const recordsOf = (parent: Placed<Draft>, ...keys: Path): Placed<Draft>[] => {
  const value = keys.reduce<unknown>((found, key) => asRecord(found)[key], parent.value);
  return asList(value).map((item, i) => ({ path: [...parent.path, ...keys, i], value: asRecord(item) }));
};

export const scenariosOf = (draft: Draft): Placed<Draft>[] => recordsOf({ path: [], value: draft }, 'scenarios');
export const phasesOf = (draft: Draft): Placed<Draft>[] => recordsOf({ path: [], value: draft }, 'phases');

/** Every text below `value`, at any depth. */
export function textsBelow({ path, value }: Placed<unknown>): Placed<string>[] {
  if (typeof value === 'string') return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((item, i) => textsBelow({ path: [...path, i], value: item }));
  return Object.entries(asRecord(value)).flatMap(([key, item]) => textsBelow({ path: [...path, key], value: item }));
}

/** Every key of a map below `value`, at any depth. */
export function keysBelow({ path, value }: Placed<unknown>): Placed<string>[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => keysBelow({ path: [...path, i], value: item }));
  return Object.entries(asRecord(value)).flatMap(([key, item]) => [
    { path: [...path, key], value: key },
    ...keysBelow({ path: [...path, key], value: item }),
  ]);
}

/** The entries of the map `keys` below `parent`. */
export function entriesOf(parent: Placed<Draft>, ...keys: Path): (Placed<unknown> & { readonly key: string })[] {
  const value = keys.reduce<unknown>((found, key) => asRecord(found)[key], parent.value);
  return Object.entries(asRecord(value)).map(([key, item]) => ({
    key,
    path: [...parent.path, ...keys, key],
    value: item,
  }));
}
