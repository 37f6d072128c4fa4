import type { GivenTimes } from '../../measure/given.ts';

/** Count, sum and extremes of the times of some requests: exact, where a histogram has three digits. */
export class TimeTally {
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(us: number): void {
    this.#count += 1;
    this.#sum += us;
    if (us < this.#min) this.#min = us;
    if (us > this.#max) this.#max = us;
  }

  times(): GivenTimes | undefined {
    if (this.#count === 0) return undefined;
    const mean = Number((this.#sum / this.#count).toFixed(3));
    return { count: this.#count, min: this.#min, mean, max: this.#max, ranks: [] };
  }
}
