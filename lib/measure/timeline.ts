import { percentilesOf, valueAt, type Percentiles } from './histogram.ts';
import { addInterval, allSteps, emptyInterval, type Interval } from './interval.ts';
import type { Ledger } from './ledger.ts';

/** A stretch of a phase as a chart shows it; `atSeconds` is its beginning, counted from the phase's start. */
export interface Point {
  readonly atSeconds: number;
  readonly seconds: number;
  readonly offeredPerSecond: number;
  readonly throughputPerSecond: number;
  readonly ledger: Ledger;
  /** The mean number of arrivals (open) or users (closed) under way. */
  readonly users: number;
  readonly responseTimeUs: Percentiles | undefined;
  readonly serviceTimeUs: Percentiles | undefined;
  readonly startDelayP99Us: number;
  readonly generatorCpuRatio: number;
}

/** Enough for a chart as wide as a screen, and a bound on memory for a phase of any length. */
const MOST_POINTS = 600;

function pointOf(interval: Interval, atSeconds: number, seconds: number): Point {
  const { ledger, responseTime, serviceTime } = allSteps(interval);
  return {
    atSeconds,
    seconds,
    offeredPerSecond: interval.arrivals.due / seconds,
    throughputPerSecond: ledger.ok / seconds,
    ledger,
    users: interval.userUs / (seconds * 1e6),
    responseTimeUs: percentilesOf(responseTime),
    serviceTimeUs: percentilesOf(serviceTime),
    startDelayP99Us: valueAt(interval.startDelay, 99),
    generatorCpuRatio: interval.generator.cpuUs / interval.generator.wallUs,
  };
}

/**
 * A phase put together from its intervals, which must come in order of their seconds (several for the same second are one).
 * `within` holds what happened before the phase's end, `total` also what was still answered after it.
 */
export class Timeline {
  readonly total: Interval = emptyInterval();
  readonly within: Interval = emptyInterval();
  /** By second of the phase: the CPU ratio of the generator's busiest thread, as far as it was told. */
  readonly busiestRatios: number[] = [];
  readonly #durationSeconds: number;
  readonly #width: number;
  readonly #points: Point[] = [];
  #open = emptyInterval();
  #openAt = 0;

  /** `durationSeconds` is the phase's length by plan. */
  constructor(durationSeconds: number) {
    this.#durationSeconds = durationSeconds;
    this.#width = Math.max(1, Math.ceil(durationSeconds / MOST_POINTS));
  }

  add(second: number, interval: Interval): void {
    addInterval(this.total, interval);
    if (second < this.#durationSeconds) {
      addInterval(this.within, interval);
      this.busiestRatios[second] = Math.max(this.busiestRatios[second] ?? 0, interval.generator.busiestRatio);
    }
    const at = Math.floor(second / this.#width) * this.#width;
    while (at > this.#openAt) this.#close();
    addInterval(this.#open, interval);
  }

  /** The points so far, the unfinished one included. */
  points(): readonly Point[] {
    return [...this.#points, this.#point()];
  }

  /** The last whole second's point, for a live view. */
  latest(): Point | undefined {
    return this.#points.at(-1);
  }

  /** The point in which the phase ends is as long as the phase's part of it. */
  #point(): Point {
    const left = this.#durationSeconds - this.#openAt;
    return pointOf(this.#open, this.#openAt, left > 0 ? Math.min(this.#width, left) : this.#width);
  }

  #close(): void {
    this.#points.push(this.#point());
    this.#open = emptyInterval();
    this.#openAt += this.#width;
  }
}
