import type { PutWhen } from '../../../../lib/run/archive/store.ts';
import { MemoryStore } from './memory-store.ts';

/** Notes what was put, in order. */
export class NotingStore extends MemoryStore {
  readonly puts: string[] = [];

  override async put(key: string, body: string | Uint8Array, when?: PutWhen): Promise<boolean> {
    const isPut = await super.put(key, body, when);
    if (isPut) this.puts.push(key);
    return isPut;
  }
}
