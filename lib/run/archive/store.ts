import { jsonExcess } from '../../document/json-bounds.ts';
import { PlimsollError } from '../../errors.ts';

/** What was stored, and its version: an ETag, to be handed back and not read. */
export interface Stored {
  readonly body: Uint8Array;
  readonly version: string;
}

/** Under what condition a put may happen. In S3: `If-None-Match: *` and `If-Match`. */
export type PutWhen = 'absent' | { readonly unchangedSince: string };

/**
 * Where plans, measurements and reports are stored: a bucket or a folder, under the same keys. Reads see every put that has
 * returned, a put is whole or not there, and of several conditional puts at once one holds (S3 User Guide, "Amazon S3 data
 * consistency model" and "Conditional writes"). Rejects with E-STORE-… when the store itself can't be used.
 */
export interface Store {
  /** Undefined: no such key. */
  get(key: string): Promise<Stored | undefined>;
  /** False: the condition did not hold, and nothing was written. */
  put(key: string, body: string | Uint8Array, when?: PutWhen): Promise<boolean>;
  /** Keys that begin with the prefix, ascending by their UTF-8 bytes. */
  list(prefix: string): AsyncIterable<string>;
}

/**
 * What is under a key, as `parse` reads it from JSON; undefined where there is none.
 * @throws PlimsollError E-STORE-DAMAGED where it is not what was written there
 */
export async function jsonAt<T>(store: Store, key: string, parse: (value: unknown) => T): Promise<T | undefined> {
  const text = await textAt(store, key);
  return text === undefined ? undefined : readJson(key, text, parse);
}

/** A plan is at most 100 levels deep, and lies within a few more. */
const DEEPEST = 200;

/** @throws PlimsollError E-STORE-DAMAGED, which names the key */
export function readJson<T>(key: string, text: string, parse: (value: unknown) => T): T {
  const excess = jsonExcess(text, DEEPEST);
  if (excess !== undefined)
    throw new PlimsollError('E-STORE-DAMAGED', `${key} ${excess}, as nothing that Plimsoll writes.`);
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    throw new PlimsollError('E-STORE-DAMAGED', `${key} is damaged, or not of this version.`, [], error);
  }
}

export const isDamaged = (error: unknown): boolean =>
  error instanceof PlimsollError && error.code === 'E-STORE-DAMAGED';

/** The text under a key; undefined where there is none. */
export async function textAt(store: Store, key: string): Promise<string | undefined> {
  const stored = await store.get(key);
  return stored && new TextDecoder().decode(stored.body);
}
