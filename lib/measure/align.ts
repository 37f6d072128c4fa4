/**
 * Aligns the seconds of several workers: the parts of a second are handed on, one worker's after another's, once every worker
 * has sent that second or a later one. Each worker sends its seconds in order, without gaps.
 */
export class Aligner<T> {
  readonly #latest: number[];
  readonly #pending = new Map<number, T[]>();
  readonly #onPart: (second: number, part: T) => void;
  readonly #onComplete: (second: number) => void;
  #next = 0;

  /** `onComplete` comes after the parts of a second. */
  constructor(
    workers: number,
    onPart: (second: number, part: T) => void,
    onComplete: (second: number) => void = () => undefined,
  ) {
    this.#latest = Array.from({ length: workers }, () => -1);
    this.#onPart = onPart;
    this.#onComplete = onComplete;
  }

  add(worker: number, second: number, part: T): void {
    // What comes late joins the last second handed on: seconds never go back.
    if (second < this.#next) return this.#onPart(this.#next - 1, part);
    const pending = this.#pending.get(second);
    if (pending === undefined) this.#pending.set(second, [part]);
    else pending.push(part);
    this.#latest[worker] = second;
    // The last second sent may still get more (a phase's end cuts one in two), so it waits for the next.
    this.#handOn(Math.min(...this.#latest) - 1);
  }

  /** Nothing follows. */
  end(): void {
    this.#handOn(Math.max(-1, ...this.#pending.keys()));
  }

  #handOn(until: number): void {
    for (; this.#next <= until; this.#next += 1) {
      const parts = this.#pending.get(this.#next) ?? [];
      this.#pending.delete(this.#next);
      for (const part of parts) this.#onPart(this.#next, part);
      this.#onComplete(this.#next);
    }
  }
}
