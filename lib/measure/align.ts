import { addInterval, emptyInterval, type Interval } from './interval.ts';

/**
 * Puts the seconds of several workers together: a second is handed on, in order, when every worker has told it or a later
 * one. Workers tell their seconds in order, without gaps.
 */
export class Aligner {
  readonly #told: number[];
  readonly #pending = new Map<number, Interval>();
  readonly #onSecond: (second: number, merged: Interval) => void;
  #next = 0;

  constructor(workers: number, onSecond: (second: number, merged: Interval) => void) {
    this.#told = Array.from({ length: workers }, () => -1);
    this.#onSecond = onSecond;
  }

  add(worker: number, second: number, interval: Interval): void {
    // A second that was handed on already gets its late part as a part of its own; merging is the receiver's business too.
    if (second < this.#next) return this.#onSecond(this.#next - 1, interval);
    const pending = this.#pending.get(second) ?? emptyInterval();
    addInterval(pending, interval);
    this.#pending.set(second, pending);
    this.#told[worker] = second;
    // The last second told may still get more (a phase's end cuts one in two), so it waits for the next.
    this.#handOn(Math.min(...this.#told) - 1);
  }

  /** Nothing follows. */
  end(): void {
    this.#handOn(Math.max(-1, ...this.#pending.keys()));
  }

  #handOn(until: number): void {
    for (; this.#next <= until; this.#next += 1) {
      const merged = this.#pending.get(this.#next);
      this.#pending.delete(this.#next);
      if (merged !== undefined) this.#onSecond(this.#next, merged);
    }
  }
}
