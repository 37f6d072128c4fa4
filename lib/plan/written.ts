import { exactNumber, isJsonNumber } from '../document/exact-json.ts';
import type { Path } from '../document/problems.ts';

/** The letters of a number, true or false in the plan's text, where its value would be written otherwise. */
export type WrittenAt = (path: Path) => string | undefined;

/**
 * How a value that is sent is written: as its letters, or as JSON. `setting` is not sent, and neither is what is below a `name`. Of `parts`
 * each is a value, or a map of settings; of `captures` each is a map of settings with a default.
 */
type Place = 'setting' | 'name' | 'text' | 'json' | 'parts' | 'part' | 'captures' | 'capture';

const PLACES: ReadonlyMap<string, Place> = new Map([
  ['headers', 'text'],
  ['query', 'text'],
  ['form', 'text'],
  ['header', 'text'],
  ['multipart', 'parts'],
  ['json', 'json'],
  ['variables', 'json'],
  ['capture', 'captures'],
  ['feeders', 'name'],
]);

/** A number, true or false that is sent, or compared with what is received. */
export interface SentValue {
  readonly path: Path;
  readonly place: 'text' | 'json';
  readonly value: number | boolean;
}

type Change = (sent: SentValue) => unknown;

/** A copy of a plan, of whatever shape, with every value that is sent exchanged. */
function exchanged(value: unknown, change: Change, path: Path = [], place: Place = 'setting'): unknown {
  if (typeof value === 'number' || typeof value === 'boolean')
    return place !== 'json' && place !== 'text' && place !== 'part' && place !== 'parts'
      ? value
      : change({ path, place: place === 'json' ? place : 'text', value });
  if (Array.isArray(value)) return value.map((item, i) => exchanged(item, change, [...path, i], place));
  if (typeof value !== 'object' || value === null) return value;
  const below = (key: string): Place => {
    if (place === 'part') return 'setting';
    if (place === 'captures') return 'capture';
    if (place === 'capture') return key === 'default' ? 'json' : 'name';
    if (place === 'parts') return 'part';
    return place === 'setting' ? (PLACES.get(key) ?? place) : place;
  };
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, exchanged(item, change, [...path, key], below(key))]),
  );
}

/** The plan with every value that is sent as its author wrote it; numbers that no JSON can hold become texts. */
export const asWritten = <Input>(input: Input, writtenAt: WrittenAt): Input =>
  exchanged(input, ({ path, place, value }) => {
    const written = writtenAt(path);
    if (written === undefined) return value;
    if (place === 'text') return written;
    if (typeof value === 'boolean') return value;
    return isJsonNumber(written) ? exactNumber(written) : written;
  }) as Input;

/** Every number, true or false of a draft that is sent, or compared with what is received. */
export function sentValuesOf(draft: unknown): SentValue[] {
  const found: SentValue[] = [];
  exchanged(draft, (sent) => found.push(sent));
  return found;
}
