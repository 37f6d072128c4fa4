import type { PutWhen, Store, Stored } from '../../../../lib/run/archive/store.ts';

/** A store in memory. */
export class MemoryStore implements Store {
  readonly #stored = new Map<string, { readonly body: Uint8Array; readonly version: string }>();
  #versions = 0;

  async get(key: string): Promise<Stored | undefined> {
    return this.#stored.get(key);
  }

  async put(key: string, body: string | Uint8Array, when?: PutWhen): Promise<boolean> {
    const there = this.#stored.get(key);
    if (when === 'absent' && there !== undefined) return false;
    if (typeof when === 'object' && there?.version !== when.unchangedSince) return false;
    this.#stored.set(key, { body: Buffer.from(body), version: String((this.#versions += 1)) });
    return true;
  }

  async *list(prefix: string): AsyncIterable<string> {
    yield* [...this.#stored.keys()].filter((key) => key.startsWith(prefix)).toSorted();
  }
}
