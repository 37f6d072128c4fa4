import type { PutWhen, Store, Stored } from '../../../../lib/run/archive/store.ts';

/** A store in memory. */
export class MemoryStore implements Store {
  readonly #kept = new Map<string, { readonly body: Uint8Array; readonly version: string }>();
  #versions = 0;

  async get(key: string): Promise<Stored | undefined> {
    return this.#kept.get(key);
  }

  async put(key: string, body: string | Uint8Array, when?: PutWhen): Promise<boolean> {
    const there = this.#kept.get(key);
    if (when === 'absent' && there !== undefined) return false;
    if (typeof when === 'object' && there?.version !== when.unchangedSince) return false;
    this.#kept.set(key, { body: Buffer.from(body), version: String((this.#versions += 1)) });
    return true;
  }

  async *list(prefix: string): AsyncIterable<string> {
    yield* [...this.#kept.keys()].filter((key) => key.startsWith(prefix)).toSorted();
  }
}
