import { TICK_SECONDS } from './metric.ts';

const HOUR_TICKS = 3600 / TICK_SECONDS;
const DAY_HOURS = 24;
const WEEK_HOURS = 7 * DAY_HOURS;

/**
 * Hourly forecast from up to 14 days: the mean of the same hour in the last two weeks, else of the day before; none in the first 24 hours.
 * AWS publishes what data it uses and not by which method. Source: Application Auto Scaling User Guide, "How predictive scaling works".
 */
export class LoadForecast {
  readonly #hours: number[] = [];
  #sum = 0;
  #ticks = 0;

  /** Requests a second of a tick. */
  add(perSecond: number): void {
    this.#sum += perSecond;
    this.#ticks += 1;
    if (this.#ticks < HOUR_TICKS) return;
    this.#hours.push(this.#sum / HOUR_TICKS);
    this.#sum = 0;
    this.#ticks = 0;
  }

  /** Mean requests a second of an hour, counted from the start; undefined where nothing is known of it. */
  of(hour: number): number | undefined {
    const same = [hour - WEEK_HOURS, hour - 2 * WEEK_HOURS].flatMap((at) => this.#hours[at] ?? []);
    if (same.length > 0) return same.reduce((sum, each) => sum + each, 0) / same.length;
    return this.#hours[hour - DAY_HOURS];
  }
}
