import { addWire, type IntervalWire } from './codec.ts';
import { countFrom, percentilesOf, valueAt, type Percentiles } from './histogram.ts';
import { addInterval, allSteps, emptyInterval, merge, type Interval } from './interval.ts';
import type { ArrivalLedger, Ledger } from './ledger.ts';

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
  /** Of a phase that a search has asked for: its arrivals, and the requests that took as long as each of its limits or longer. */
  readonly searched?: { readonly arrivals: ArrivalLedger; readonly beyond: readonly number[] };
}

/** A time, in µs, from which on a request is to be counted in every point. */
export interface TimeLimit {
  readonly of: 'responseTime' | 'serviceTime';
  readonly us: number;
}

/** Enough for a chart as wide as a screen, and a bound on memory for a phase of any length. */
const MOST_POINTS = 600;

function pointOf(interval: Interval, atSeconds: number, seconds: number, limits?: readonly TimeLimit[]): Point {
  const steps = allSteps(interval);
  const { ledger, responseTime, serviceTime } = steps;
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
    ...(limits && {
      searched: { arrivals: { ...interval.arrivals }, beyond: limits.map(({ of, us }) => countFrom(steps[of], us)) },
    }),
  };
}

/**
 * A phase as it was measured: a plain value that nothing changes any more. `within` is what happened before the phase's end,
 * `total` also what was still answered after it; `settled` is `within` without the seconds in which queues settle, where the phase
 * has such. `busiestRatios`, by second: the CPU ratio of the generator's busiest thread,
 * 0 where the generator recorded none.
 */
export interface Measurement {
  readonly points: readonly Point[];
  readonly total: Interval;
  readonly within: Interval;
  readonly settled?: Interval;
  readonly busiestRatios: readonly number[];
}

/** What a search asks of a phase's measurement, beside its figures. */
export interface MeasuredFor {
  readonly limits: readonly TimeLimit[];
  /** Whole seconds at the phase's beginning in which queues settle. */
  readonly settleSeconds: number;
}

/** Puts a phase together from its seconds, which must come in order; several parts of one second are one. */
export class MeasurementBuilder {
  readonly #busiestRatios: number[] = [];
  readonly #durationSeconds: number;
  readonly #limits: readonly TimeLimit[] | undefined;
  readonly #settleSeconds: number;
  readonly #width: number;
  readonly #points: Point[] = [];
  readonly #closedWithin = emptyInterval();
  readonly #closedAfter = emptyInterval();
  readonly #closedSettled = emptyInterval();
  #open = emptyInterval();
  #openAt = 0;

  /** `durationSeconds` is the phase's length by plan. */
  constructor(durationSeconds: number, search?: MeasuredFor) {
    this.#durationSeconds = durationSeconds;
    this.#limits = search?.limits;
    this.#settleSeconds = search?.settleSeconds ?? 0;
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
      ...(this.#settleSeconds > 0 && {
        settled: merge([this.#closedSettled, ...(this.#openIsSettled ? [this.#open] : [])]),
      }),
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

  get #openIsSettled(): boolean {
    return this.#openIsWithin && this.#openAt >= this.#settleSeconds;
  }

  /** No point holds both what was before the phase's end and what was after it. */
  get #openWidth(): number {
    return this.#openIsWithin ? Math.min(this.#width, Math.ceil(this.#durationSeconds - this.#openAt)) : this.#width;
  }

  /** The point in which the phase ends is as long as the phase's part of it. */
  #point(): Point {
    const left = this.#durationSeconds - this.#openAt;
    return pointOf(this.#open, this.#openAt, left > 0 ? Math.min(this.#width, left) : this.#width, this.#limits);
  }

  #close(): void {
    this.#points.push(this.#point());
    addInterval(this.#openIsWithin ? this.#closedWithin : this.#closedAfter, this.#open);
    if (this.#settleSeconds > 0 && this.#openIsSettled) addInterval(this.#closedSettled, this.#open);
    this.#openAt += this.#openWidth;
    this.#open = emptyInterval();
  }
}
