import { exec, query, type JsonValue } from 'jsonpath-rfc9535';
import { asDoubles } from '../../../lib/document/exact-json.ts';

const PLAIN = /^\$(?:\.[A-Za-z_][\w-]*|\[\d+\])*$/;

/** Every value at an RFC 9535 path. */
export const compileJsonPathAll =
  (path: string): ((json: unknown) => unknown[]) =>
  (json) =>
    json === undefined ? [] : allAt(json, path);

/**
 * The first value at an RFC 9535 path, or undefined. A path of plain members and indexes, as nearly all are, is walked
 * directly: 0.02 µs instead of 3 µs.
 */
export function compileJsonPath(path: string): (json: unknown) => unknown {
  if (!PLAIN.test(path)) return (json) => firstAt(json, path);
  const keys = Array.from(path.matchAll(/\.([\w-]+)|\[(\d+)\]/g), (match) => match[1] ?? Number(match[2]));
  return (json) => keys.reduce<unknown>(member, json);
}

/** A name selects from objects only and an index from arrays only (RFC 9535 §2.3): `$.length` is no array's length. */
function member(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  if (typeof value !== 'object' || value === null || typeof key === 'number') return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

const firstAt = (json: unknown, path: string): unknown => (json === undefined ? undefined : allAt(json, path)[0]);

/** Filters compare doubles; a value is then taken from where it is, as it was written. */
function allAt(json: unknown, path: string): unknown[] {
  const doubles = asDoubles(json);
  if (doubles === json) return query(json as JsonValue, path);
  const places: (string | number)[][] = [];
  exec(doubles as JsonValue, path, (_, at) => places.push(at));
  return places.map((at) => at.map(unescaped).reduce<unknown>(member, json));
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Names in the library's paths are escaped as in a normalised path (RFC 9535 §2.7). */
const unescaped = (key: string | number): string | number =>
  typeof key === 'number'
    ? key
    : key.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/g, (_, hex?: string, letter = '') =>
        hex === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
      );
