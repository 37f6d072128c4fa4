import type { Clock } from './clock.ts';

/** Something that goes on at `atUs` of the phase. */
export interface Sleeper {
  readonly atUs: number;
  wake(nowUs: number): void;
}

/** Calls back once, after a delay; setting it anew forgets what was set before. */
export interface OneShotTimer {
  set(delayUs: number, fired: () => void): void;
  close(): void;
}

/** Whole milliseconds are good enough where nothing is measured. */
export function nodeTimer(): OneShotTimer {
  let timer: NodeJS.Timeout | undefined;
  return {
    set(delayUs, fired) {
      clearTimeout(timer);
      timer = setTimeout(fired, Math.ceil(delayUs / 1000));
    },
    close: () => clearTimeout(timer),
  };
}

/**
 * The timer never fires more often than this: each time costs 20 to 40 µs of CPU over all threads, so 2,000 a second cost 8 % of a
 * core at the most. Where more is due in a second than that, replies wake what is due far more often.
 */
const LEAST_GAP_US = 500;

/** Wakes each sleeper at its time or as soon after it as can be, never before it, the earliest first. */
export class TimerQueue {
  readonly #clock: Clock;
  readonly #timer: OneShotTimer;
  /** A binary heap: no sleeper is earlier than the one at half its index. */
  readonly #heap: Sleeper[] = [];
  #setForUs = Number.POSITIVE_INFINITY;
  #firedAtUs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, timer: OneShotTimer) {
    this.#clock = clock;
    this.#timer = timer;
  }

  /** A sleeper that is awake may be added again, with its next time. */
  add(sleeper: Sleeper): void {
    let at = this.#heap.length;
    for (let parent = (at - 1) >> 1; at > 0; parent = (at - 1) >> 1) {
      const above = this.#heap[parent];
      if (above === undefined || above.atUs <= sleeper.atUs) break;
      this.#heap[at] = above;
      at = parent;
    }
    this.#heap[at] = sleeper;
    if (at === 0) this.#arm();
  }

  /** Wakes what is due at `nowUs`. Called also when a reply comes, which is often more precise than any timer. */
  wakeDue(nowUs: number): void {
    const first = this.#heap[0];
    if (first === undefined || first.atUs > nowUs) return;
    for (let due: Sleeper | undefined = first; due !== undefined && due.atUs <= nowUs; due = this.#heap[0]) {
      this.#takeFirst();
      due.wake(nowUs);
    }
    this.#arm();
  }

  close(): void {
    this.#timer.close();
    this.#heap.length = 0;
  }

  #takeFirst(): void {
    const last = this.#heap.pop();
    const { length } = this.#heap;
    if (last === undefined || length === 0) return;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && this.#timeAt(child + 1) < this.#timeAt(child)) child += 1;
      const below = this.#heap[child];
      if (below === undefined || below.atUs >= last.atUs) break;
      this.#heap[at] = below;
      at = child;
    }
    this.#heap[at] = last;
  }

  #timeAt(index: number): number {
    return this.#heap[index]?.atUs ?? Number.POSITIVE_INFINITY;
  }

  /** A timer that fires too early finds nothing due, and is set again. */
  #arm(): void {
    const atUs = Math.max(this.#timeAt(0), this.#firedAtUs + LEAST_GAP_US);
    if (atUs >= this.#setForUs) return;
    this.#setForUs = atUs;
    this.#timer.set(Math.max(0, atUs - this.#clock()), () => this.#fired());
  }

  #fired(): void {
    const nowUs = this.#clock();
    this.#setForUs = Number.POSITIVE_INFINITY;
    this.#firedAtUs = nowUs;
    this.wakeDue(nowUs);
    this.#arm();
  }
}
