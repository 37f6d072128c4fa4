import { jsonExcess } from '../../document/json-bounds.ts';
import { PlimsollError } from '../../errors.ts';

/** Whole documents are held in memory, parsed: a report of Artillery has some 60 kB for every 10 s. */
export const LARGEST_DOCUMENT = 64 * 1024 * 1024;

const DEEPEST = 60;

/**
 * Parses JSON whose depth and number of values are bounded.
 * @throws PlimsollError E-IMPORT-TOO-LARGE; SyntaxError
 */
export function parseJson(text: string): unknown {
  const excess = jsonExcess(text, DEEPEST);
  if (excess !== undefined) throw new PlimsollError('E-IMPORT-TOO-LARGE', `The JSON ${excess}.`);
  return JSON.parse(text);
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one where it is none. */
export const objectOf = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Own keys only: a key such as `__proto__` or `constructor` leads nowhere. */
export function under(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    const own = objectOf(found);
    if (!Object.hasOwn(own, key)) return undefined;
    found = own[key];
  }
  return found;
}

/** The number under the keys; NaN where there is none. Texts of a number are one: some tools write counts so. */
export function numberAt(value: unknown, ...keys: readonly string[]): number {
  const found = under(value, ...keys);
  if (typeof found === 'number') return found;
  return typeof found === 'string' && found.trim() !== '' ? Number(found) : Number.NaN;
}

/** The whole number of 0 or more under the keys; 0 where there is none. */
export function countAt(value: unknown, ...keys: readonly string[]): number {
  const found = numberAt(value, ...keys);
  return Number.isFinite(found) && found > 0 ? Math.round(found) : 0;
}

export function stringAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = under(value, ...keys);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export const has = (value: unknown, ...keys: readonly string[]): boolean => under(value, ...keys) !== undefined;
