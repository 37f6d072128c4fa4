import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { nodeTimer, type OneShotTimer } from '../engine/timer-queue.ts';

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
 * and then wakes this one with a message. It costs nothing while nothing is due. The thread takes some 40 ms of CPU and 19 MB, so it is
 * started by the part that knows that there will be waits, or else by the first of them, which a timer of Node's serves meanwhile.
 */
export class PrecisionTimer implements OneShotTimer {
  readonly #memory = new SharedArrayBuffer(16);
  readonly #setting = timerSettingIn(this.#memory);
  readonly #meanwhile = nodeTimer();
  #started: Promise<void> | undefined;
  #isAwake = false;
  #fired: (() => void) | undefined;

  constructor() {
    this.#setting.firesAtNs[0] = NEVER;
  }

  /** Resolves when the thread keeps time. */
  async start(): Promise<void> {
    await (this.#started ??= this.#start());
  }

  set(delayUs: number, fired: () => void): void {
    this.#fired = fired;
    this.#setFor(process.hrtime.bigint() + BigInt(Math.round(delayUs * 1000)));
    if (this.#isAwake) return;
    void this.start();
    // Node's timers may fire up to a millisecond early.
    this.#meanwhile.set(delayUs + 1000, () => this.#fire());
  }

  /** It does not fire until it is set again. */
  close(): void {
    this.#fired = undefined;
    this.#meanwhile.close();
    this.#setFor(NEVER);
  }

  async #start(): Promise<void> {
    const thread = new Worker(new URL('./precision-timer-thread.ts', import.meta.url), {
      workerData: this.#memory,
      resourceLimits: SMALL,
    });
    thread.on('message', () => this.#fire());
    await once(thread, 'online');
    thread.unref();
    this.#meanwhile.close();
    this.#isAwake = true;
  }

  /** Once for each setting, and not for a message that was on its way when it was set anew. */
  #fire(): void {
    if (process.hrtime.bigint() < (this.#setting.firesAtNs[0] ?? NEVER)) return;
    const fired = this.#fired;
    this.#fired = undefined;
    fired?.();
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
