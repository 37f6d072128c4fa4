import { setTimeout as sleep } from 'node:timers/promises';
import type { IntervalWire } from '../../lib/measure/codec.ts';
import type { PhaseKeys } from '../../lib/run/archive/keys.ts';
import type { Store } from '../../lib/run/archive/store.ts';

/** Seconds in a chunk: what a task that is killed loses at the most, and how far behind a watcher is. */
const CHUNK_SECONDS = 5;
const LAST_TRIES = 4;
const LAST_PAUSE_MS = 500;

/**
 * Puts one worker's intervals into the store, five seconds an object. What the store refuses is kept and put together with
 * what comes after it.
 */
export class Chunks {
  readonly #store: Store;
  readonly #keyOf: (firstSecond: number) => string;
  readonly #refused: (error: unknown) => void;
  readonly #kept: IntervalWire[] = [];
  #putting: Promise<boolean> | undefined;

  /** `refused` hears of every put that failed while there are more to come. */
  constructor(store: Store, keys: PhaseKeys, worker: number, refused: (error: unknown) => void) {
    this.#store = store;
    this.#keyOf = (firstSecond) => keys.intervals(worker, firstSecond);
    this.#refused = refused;
  }

  add(interval: IntervalWire): void {
    this.#kept.push(interval);
    if (this.#kept.length >= CHUNK_SECONDS) this.#putting ??= this.#tryPut();
  }

  /** Resolves when all is stored; rejects when the store takes the rest no more. */
  async close(): Promise<void> {
    await this.#putting;
    for (let tries = 1; this.#kept.length > 0; tries += 1) {
      if (tries === LAST_TRIES) return await this.#put();
      if (!(await this.#tryPut())) await sleep(LAST_PAUSE_MS);
    }
  }

  async #tryPut(): Promise<boolean> {
    try {
      await this.#put();
      return true;
    } catch (error) {
      this.#refused(error);
      return false;
    } finally {
      this.#putting = undefined;
    }
  }

  async #put(): Promise<void> {
    const chunk = [...this.#kept];
    const [first] = chunk;
    if (first === undefined) return;
    await this.#store.put(this.#keyOf(first.second), chunk.map((line) => `${JSON.stringify(line)}\n`).join(''));
    this.#kept.splice(0, chunk.length);
  }
}
