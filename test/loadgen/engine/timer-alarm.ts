import type { Alarm } from '../../../loadgen/engine/pacer.ts';

/** A timer's delay in Node is a whole number of ms up to this; who is woken too early sleeps again. */
const LONGEST_MS = 2 ** 30;

/** An alarm on Node's timers: right to a millisecond, and without a thread of its own. */
export class TimerAlarm implements Alarm {
  #timer: NodeJS.Timeout | undefined;

  set(delayUs: number, ring: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(ring, Math.min(LONGEST_MS, Math.ceil(delayUs / 1000)));
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
