import { addWire, type IntervalWire } from './codec.ts';
import { percentilesOf, valueAt, type Percentiles } from './histogram.ts';
import { recordOf, Watch, type Asked, type Extremes, type Readings } from './asked.ts';
import { addInterval, allSteps, emptyInterval, merge, type Interval, type StepRecord } from './interval.ts';
import type { ArrivalLedger, Ledger } from './ledger.ts';
import { partMeans, type PartName, type TransferCounts } from './transfer.ts';

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
  /** Where requests went over connections that were looked at; `partMeansUs` add up to the mean service time. */
  readonly transfers?: TransferCounts;
  readonly partMeansUs?: Readonly<Record<PartName, number>>;
  readonly startDelayP99Us: number;
  readonly generatorCpuRatio: number;
  /** Of a phase that a search has asked for: its arrivals, and by objective the requests that were beyond its limit. */
  readonly searched?: { readonly arrivals: ArrivalLedger; readonly beyond: readonly BadCount[] };
  /** By name, further figures that were asked for; only those for which there is evidence. */
  readonly asked?: Readonly<Record<string, number>>;
}

/** Of `count` requests that ended, `bad` were beyond a limit. */
export interface BadCount {
  readonly count: number;
  readonly bad: number;
}

/** What makes a request of some steps, or of all, a bad one. */
export interface Tolerance {
  readonly steps?: readonly number[];
  bad(record: StepRecord): number;
}

/** Enough for a chart as wide as a screen, and a bound on memory for a phase of any length. */
const MOST_POINTS = 600;

function badCount(interval: Interval, tolerance: Tolerance): BadCount {
  const record = recordOf(interval, tolerance.steps);
  return { count: record.ledger.ok + record.ledger.failed + record.ledger.timedOut, bad: tolerance.bad(record) };
}

function pointOf(interval: Interval, atSeconds: number, seconds: number, tolerances?: readonly Tolerance[]): Point {
  const all = allSteps(interval);
  const { ledger, responseTime, serviceTime, transfers } = all;
  return {
    atSeconds,
    seconds,
    offeredPerSecond: interval.arrivals.due / seconds,
    throughputPerSecond: ledger.ok / seconds,
    ledger,
    users: interval.userUs / (seconds * 1e6),
    responseTimeUs: percentilesOf(responseTime),
    serviceTimeUs: percentilesOf(serviceTime),
    ...(transfers.opened + transfers.reused > 0 && { transfers, partMeansUs: partMeans(all) }),
    startDelayP99Us: valueAt(interval.startDelay, 99),
    generatorCpuRatio: interval.generator.cpuUs / interval.generator.wallUs,
    ...(tolerances && {
      searched: { arrivals: { ...interval.arrivals }, beyond: tolerances.map((each) => badCount(interval, each)) },
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
  /** Of figures over a sliding window that were asked for, by name. */
  readonly extremes?: Readonly<Record<string, Extremes>>;
}

/** What is asked of a phase's measurement, beside the figures that every one has. */
export interface MeasuredFor {
  readonly asked: readonly Asked[];
  /** By a search; `settleSeconds` are whole seconds at the phase's beginning in which queues settle. */
  readonly search?: { readonly tolerances: readonly Tolerance[]; readonly settleSeconds: number };
}

/** Puts a phase together from its seconds, which must come in order; several parts of one second are one. */
export class MeasurementBuilder {
  readonly #busiestRatios: number[] = [];
  readonly #durationSeconds: number;
  readonly #tolerances: readonly Tolerance[] | undefined;
  readonly #watch: Watch;
  readonly #settleSeconds: number;
  readonly #width: number;
  readonly #points: Point[] = [];
  readonly #closedWithin = emptyInterval();
  readonly #closedAfter = emptyInterval();
  readonly #closedSettled = emptyInterval();
  #open = emptyInterval();
  #openAt = 0;
  #lastSecond = 0;

  /** `durationSeconds` is the phase's length by plan. */
  constructor(durationSeconds: number, { asked, search }: MeasuredFor = { asked: [] }) {
    this.#durationSeconds = durationSeconds;
    this.#watch = new Watch(asked, durationSeconds);
    this.#tolerances = search?.tolerances;
    this.#settleSeconds = search?.settleSeconds ?? 0;
    this.#width = Math.max(1, Math.ceil(durationSeconds / MOST_POINTS));
  }

  add(second: number, interval: Interval): void {
    this.#watch.add(second, (into) => addInterval(into, interval));
    addInterval(this.#at(second, interval.generator.busiestRatio), interval);
  }

  /** Adds an interval as it is written. @throws RangeError where one of its histograms is broken */
  addWire(second: number, interval: IntervalWire): void {
    this.#watch.add(second, (into) => addWire(into, interval));
    addWire(this.#at(second, interval.generator.busiestRatio), interval);
  }

  /** `second` is complete: what was asked for, as it was at its end. */
  complete(second: number): Readings {
    return this.#watch.closeUntil(second + 1);
  }

  /** The measurement so far, the unfinished point included. */
  build(): Measurement {
    this.complete(this.#lastSecond);
    const extremes = this.#watch.extremes();
    return {
      points: [...this.#points, this.#point()],
      total: merge([this.#closedWithin, this.#closedAfter, this.#open]),
      within: merge([this.#closedWithin, ...(this.#openIsWithin ? [this.#open] : [])]),
      ...(this.#settleSeconds > 0 && {
        settled: merge([this.#closedSettled, ...(this.#openIsSettled ? [this.#open] : [])]),
      }),
      busiestRatios: Array.from(this.#busiestRatios, (ratio) => ratio ?? 0),
      ...(extremes && { extremes }),
    };
  }

  /** The last whole second's point, for a live view. */
  latest(): Point | undefined {
    return this.#points.at(-1);
  }

  /** The record that what happened in `second` is added to. */
  #at(second: number, busiestRatio: number): Interval {
    this.#lastSecond = second;
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
    const seconds = left > 0 ? Math.min(this.#width, left) : this.#width;
    const asked = left > 0 ? this.#watch.figuresOf(this.#open, seconds) : undefined;
    return { ...pointOf(this.#open, this.#openAt, seconds, this.#tolerances), ...(asked && { asked }) };
  }

  #close(): void {
    this.#points.push(this.#point());
    addInterval(this.#openIsWithin ? this.#closedWithin : this.#closedAfter, this.#open);
    if (this.#settleSeconds > 0 && this.#openIsSettled) addInterval(this.#closedSettled, this.#open);
    this.#openAt += this.#openWidth;
    this.#open = emptyInterval();
  }
}
