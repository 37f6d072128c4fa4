import { setTimeout as sleep } from 'node:timers/promises';
import type { IntervalWire } from '../../lib/measure/codec.ts';
import type { PhaseKeys } from '../../lib/run/archive/keys.ts';
import type { Store } from '../../lib/run/archive/store.ts';

/** Seconds in a chunk: what a task that is killed loses at the most, and how old the figures of a watcher are. */
const CHUNK_SECONDS = 5;
const LAST_TRIES = 4;
const LAST_PAUSE_MS = 500;

/**
 * Puts one worker's intervals into the store, five seconds an object. What the store refuses is held and stored
 * together with what comes after it.
 */
export class Chunks {
  readonly #store: Store;
  readonly #keyOf: (firstSecond: number) => string;
  readonly #refused: (error: unknown) => void;
  readonly #held: IntervalWire[] = [];
  #putting: Promise<boolean> | undefined;

  /** `refused` is called for every put that failed and will be tried again. */
  constructor(store: Store, keys: PhaseKeys, worker: number, refused: (error: unknown) => void) {
    this.#store = store;
    this.#keyOf = (firstSecond) => keys.intervals(worker, firstSecond);
    this.#refused = refused;
  }

  add(interval: IntervalWire): void {
    this.#held.push(interval);
    if (this.#held.length >= CHUNK_SECONDS) this.#putting ??= this.#tryPut();
  }

  /** Resolves when all is stored; rejects when the store takes the rest no more. */
  async close(): Promise<void> {
    await this.#putting;
    for (let tries = 1; this.#held.length > 0; tries += 1) {
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
    const chunk = [...this.#held];
    const [first] = chunk;
    if (first === undefined) return;
    await this.#store.put(this.#keyOf(first.second), chunk.map((line) => `${JSON.stringify(line)}\n`).join(''));
    this.#held.splice(0, chunk.length);
  }
}
