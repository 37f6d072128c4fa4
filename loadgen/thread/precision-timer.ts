import { Worker } from 'node:worker_threads';
import type { OneShotTimer } from '../engine/timer-queue.ts';

/** What the two threads share: when the timer fires next, and a number that is raised whenever that is changed. */
interface TimerSetting {
  readonly changes: Int32Array;
  /** ns of the monotonic clock, which all threads of a process share. */
  readonly firesAtNs: BigInt64Array;
}

export const timerSettingIn = (memory: SharedArrayBuffer): TimerSetting => ({
  changes: new Int32Array(memory, 0, 1),
  firesAtNs: new BigInt64Array(memory, 8, 1),
});

/**
 * A timer that is right to a fraction of a millisecond. Node's timers, like the `epoll_wait` beneath them, know whole milliseconds
 * only; a futex knows nanoseconds, but stops its thread. So a thread of its own sleeps on one (`Atomics.wait` with a time-out)
 * and then wakes this one with a message. It costs nothing while nothing is due.
 */
export class PrecisionTimer implements OneShotTimer {
  readonly #memory = new SharedArrayBuffer(16);
  readonly #setting = timerSettingIn(this.#memory);
  readonly #thread: Worker;
  #fired: (() => void) | undefined;

  constructor() {
    this.#setting.firesAtNs[0] = NEVER;
    this.#thread = new Worker(new URL('./precision-timer-thread.ts', import.meta.url), {
      workerData: this.#memory,
      resourceLimits: SMALL,
    });
    this.#thread.on('message', () => this.#fired?.());
    this.#thread.unref();
  }

  set(delayUs: number, fired: () => void): void {
    this.#fired = fired;
    this.#setFor(process.hrtime.bigint() + BigInt(Math.round(delayUs * 1000)));
  }

  /** It does not fire until it is set again. */
  close(): void {
    this.#fired = undefined;
    this.#setFor(NEVER);
  }

  #setFor(atNs: bigint): void {
    this.#setting.firesAtNs[0] = atNs;
    Atomics.add(this.#setting.changes, 0, 1);
    Atomics.notify(this.#setting.changes, 0);
  }
}

/** The thread holds next to nothing. */
const SMALL = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16, stackSizeMb: 1 };

/** 292 years. */
const NEVER = 2n ** 63n - 1n;
