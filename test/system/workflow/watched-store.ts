import type { PutWhen, Store, Stored } from '../../../lib/run/archive/store.ts';

/** A store that notes what is asked of it, as S3 would call it: `s3:GetObject lock.json`. */
export class WatchedStore implements Store {
  readonly #store: Store;
  readonly #asked: (call: string) => void;

  constructor(store: Store, asked: (call: string) => void) {
    this.#store = store;
    this.#asked = asked;
  }

  get(key: string): Promise<Stored | undefined> {
    this.#asked(`s3:GetObject ${key}`);
    return this.#store.get(key);
  }

  put(key: string, body: string | Uint8Array, when?: PutWhen): Promise<boolean> {
    this.#asked(`s3:PutObject ${key}`);
    return this.#store.put(key, body, when);
  }

  list(prefix: string): AsyncIterable<string> {
    return this.#store.list(prefix);
  }
}
