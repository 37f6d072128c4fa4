import { Fifo } from '../fifo.ts';

/** Something that must be over by a moment. */
export interface Due {
  /** Forgotten when its turn comes, where it is over by then. */
  readonly over: boolean;
  expire(): void;
}

interface Entry {
  readonly due: Due;
  readonly atMs: number;
}

/**
 * Deadlines of one length. They come due in the order in which they were set, so a queue and one timer serve them all, and a
 * request that ends in time, as nearly all do, costs no timer of its own.
 */
class Queue {
  readonly #lengthMs: number;
  readonly #entries = new Fifo<Entry>();
  #timer: NodeJS.Timeout | undefined;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  add(due: Due): void {
    this.#entries.push({ due, atMs: performance.now() + this.#lengthMs });
    if (this.#timer === undefined) this.#arm();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#entries.clear();
  }

  /** Skips what is over, expires what is due, and sleeps until the next is. */
  #arm(): void {
    this.#timer = undefined;
    const nowMs = performance.now();
    for (let entry = this.#entries.peek(); entry !== undefined; entry = this.#entries.peek()) {
      if (!entry.due.over && entry.atMs > nowMs) {
        this.#timer = setTimeout(() => this.#arm(), Math.ceil(entry.atMs - nowMs));
        return;
      }
      this.#entries.take();
      if (!entry.due.over) entry.due.expire();
    }
  }
}

/** The deadlines of a sender, of whatever lengths its plan's steps have. */
export class Deadlines {
  readonly #queues = new Map<number, Queue>();

  add(due: Due, lengthMs: number): void {
    let queue = this.#queues.get(lengthMs);
    if (queue === undefined) this.#queues.set(lengthMs, (queue = new Queue(lengthMs)));
    queue.add(due);
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close();
    this.#queues.clear();
  }
}
