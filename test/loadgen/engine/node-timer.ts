import type { OneShotTimer } from '../../../loadgen/engine/timer-queue.ts';

/** A timer's delay in Node is a whole number of ms up to this; who is woken too early sleeps again. */
const LONGEST_MS = 2 ** 30;

/** A one-shot timer on Node's own: right to a millisecond, and without a thread of its own. */
export class NodeTimer implements OneShotTimer {
  #timer: NodeJS.Timeout | undefined;

  set(delayUs: number, fired: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(fired, Math.min(LONGEST_MS, Math.ceil(delayUs / 1000)));
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
