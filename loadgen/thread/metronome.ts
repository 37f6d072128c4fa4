import { Worker } from 'node:worker_threads';
import type { Alarm } from '../engine/pacer.ts';

/** What the two threads share: a number that is raised with every change, and the time of the next ring. */
export interface Face {
  readonly turn: Int32Array;
  /** ns of the monotonic clock, which all threads of a process share. */
  readonly ringsAt: BigInt64Array;
}

export const faceOn = (memory: SharedArrayBuffer): Face => ({
  turn: new Int32Array(memory, 0, 1),
  ringsAt: new BigInt64Array(memory, 8, 1),
});

/**
 * An alarm that is right to a fraction of a millisecond. Node's timers, like the `epoll_wait` beneath them, know whole milliseconds
 * only; a futex knows nanoseconds, but stops its thread. So a thread of its own sleeps on one (`Atomics.wait` with a time-out)
 * and then wakes this one with a message. It costs nothing while nothing is due.
 */
export class PrecisionTimer implements Alarm {
  readonly #memory = new SharedArrayBuffer(16);
  readonly #face = faceOn(this.#memory);
  readonly #thread: Worker;
  #ring: (() => void) | undefined;

  constructor() {
    this.#face.ringsAt[0] = NEVER;
    this.#thread = new Worker(new URL('./metronome-thread.ts', import.meta.url), {
      workerData: this.#memory,
      resourceLimits: SMALL,
    });
    this.#thread.on('message', () => this.#ring?.());
    this.#thread.unref();
  }

  set(delayUs: number, ring: () => void): void {
    this.#ring = ring;
    this.#face.ringsAt[0] = process.hrtime.bigint() + BigInt(Math.round(delayUs * 1000));
    this.#turn();
  }

  /** It is silent until it is set again. */
  close(): void {
    this.#ring = undefined;
    this.#face.ringsAt[0] = NEVER;
    this.#turn();
  }

  #turn(): void {
    Atomics.add(this.#face.turn, 0, 1);
    Atomics.notify(this.#face.turn, 0);
  }
}

/** It holds next to nothing. */
const SMALL = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16, stackSizeMb: 1 };

/** 292 years. */
const NEVER = 2n ** 63n - 1n;
