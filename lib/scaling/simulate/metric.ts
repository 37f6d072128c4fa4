/** The step of simulated time: the finest period that scaling looks at. */
export const TICK_SECONDS = 20;

/**
 * From the end of a period until scaling acts on it: CloudWatch publishes late, and alarms are evaluated by the minute. With these a jump is
 * answered after 300 to 360 s by metrics of a minute, and after 80 to 100 s by those of 20 s; AWS measured 363 s and 86 s (Amazon ECS, benchmark of
 * June 2026).
 */
export const METRIC_DELAY_SECONDS = { 20: 20, 60: 120 } as const;

/** A CloudWatch metric: values of ticks become one datapoint a period, which is seen with a delay. */
export class DelayedMetric {
  readonly #ticks: number;
  readonly #unseen: number[];
  #sum = 0;
  #count = 0;
  #next = 0;

  constructor(periodSeconds: 20 | 60) {
    this.#ticks = periodSeconds / TICK_SECONDS;
    const delayed = METRIC_DELAY_SECONDS[periodSeconds] / periodSeconds;
    this.#unseen = Array.from({ length: delayed }, () => Number.NaN);
  }

  /** Takes the value of a tick, and gives the mean of the period that becomes visible now; NaN where none does. */
  add(value: number): number {
    this.#sum += value;
    this.#count += 1;
    if (this.#count < this.#ticks) return Number.NaN;
    const point = this.#sum / this.#ticks;
    this.#sum = 0;
    this.#count = 0;
    const seen = this.#unseen[this.#next] ?? point;
    this.#unseen[this.#next] = point;
    this.#next = (this.#next + 1) % this.#unseen.length;
    return seen;
  }
}
