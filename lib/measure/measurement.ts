import { addWire, type IntervalWire } from './codec.ts';
import { percentilesOf, valueAt, type Percentiles } from './histogram.ts';
import { addInterval, allSteps, emptyInterval, merge, type Interval } from './interval.ts';
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
 * A phase as it was measured: a plain value that nothing changes any more. `within` is what happened before the phase's end,
 * `total` also what was still answered after it. `busiestRatios`, by second: the CPU ratio of the generator's busiest thread,
 * 0 where the generator recorded none.
 */
export interface Measurement {
  readonly points: readonly Point[];
  readonly total: Interval;
  readonly within: Interval;
  readonly busiestRatios: readonly number[];
}

/** Puts a phase together from its seconds, which must come in order; several parts of one second are one. */
export class MeasurementBuilder {
  readonly #busiestRatios: number[] = [];
  readonly #durationSeconds: number;
  readonly #width: number;
  readonly #points: Point[] = [];
  readonly #closedWithin = emptyInterval();
  readonly #closedAfter = emptyInterval();
  #open = emptyInterval();
  #openAt = 0;

  /** `durationSeconds` is the phase's length by plan. */
  constructor(durationSeconds: number) {
    this.#durationSeconds = durationSeconds;
    this.#width = Math.max(1, Math.ceil(durationSeconds / MOST_POINTS));
  }

  add(second: number, interval: Interval): void {
    addInterval(this.#at(second, interval.generator.busiestRatio), interval);
  }

  /** Adds an interval as it is written. @throws RangeError where one of its histograms is broken */
  addWire(second: number, interval: IntervalWire): void {
    addWire(this.#at(second, interval.generator.busiestRatio), interval);
  }

  /** The measurement so far, the unfinished point included. */
  build(): Measurement {
    return {
      points: [...this.#points, this.#point()],
      total: merge([this.#closedWithin, this.#closedAfter, this.#open]),
      within: merge([this.#closedWithin, ...(this.#openIsWithin ? [this.#open] : [])]),
      busiestRatios: Array.from(this.#busiestRatios, (ratio) => ratio ?? 0),
    };
  }

  /** The last whole second's point, for a live view. */
  latest(): Point | undefined {
    return this.#points.at(-1);
  }

  /** The record that what happened in `second` is added to. */
  #at(second: number, busiestRatio: number): Interval {
    if (second < this.#durationSeconds)
      this.#busiestRatios[second] = Math.max(this.#busiestRatios[second] ?? 0, busiestRatio);
    while (second >= this.#openAt + this.#openWidth) this.#close();
    return this.#open;
  }

  get #openIsWithin(): boolean {
    return this.#openAt < this.#durationSeconds;
  }

  /** No point holds both what was before the phase's end and what was after it. */
  get #openWidth(): number {
    return this.#openIsWithin ? Math.min(this.#width, Math.ceil(this.#durationSeconds - this.#openAt)) : this.#width;
  }

  /** The point in which the phase ends is as long as the phase's part of it. */
  #point(): Point {
    const left = this.#durationSeconds - this.#openAt;
    return pointOf(this.#open, this.#openAt, left > 0 ? Math.min(this.#width, left) : this.#width);
  }

  #close(): void {
    this.#points.push(this.#point());
    addInterval(this.#openIsWithin ? this.#closedWithin : this.#closedAfter, this.#open);
    this.#openAt += this.#openWidth;
    this.#open = emptyInterval();
  }
}
