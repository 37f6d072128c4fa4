import { percentilesOf, type Histogram, type Percentiles } from './histogram.ts';

/**
 * What another tool says of the times of some requests, in µs; NaN where it says nothing. `ranks` are the tool's own, ascending:
 * `[97.5, 39000]`. They are shown as they are, and never added, averaged or interpolated.
 */
export interface GivenTimes {
  /** The number of requests they speak of; NaN where the tool doesn't say. */
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly ranks: readonly (readonly [percent: number, us: number])[];
  /** How many requests took no longer than `us`, ascending, where the tool has counted them by their times. */
  readonly buckets?: readonly (readonly [us: number, count: number])[];
}

/** What an imported result says of its only phase beside the measurement: what no plan of ours could have said. */
export interface GivenPhase {
  readonly model: 'open' | 'closed' | 'unknown';
  /** The load as a sentence's part. */
  readonly load: string;
  /** Which of our two times the tool's are: from the intended start, or from sending or a moment near it. */
  readonly time: 'responseTime' | 'serviceTime';
  /** Over all steps; it may lack what the histograms of the measurement have, or the other way round. */
  readonly all?: GivenTimes;
  /** By the step's number in the plan. */
  readonly steps: ReadonlyMap<number, GivenTimes>;
}

export const noTimesGiven: GivenTimes = {
  count: Number.NaN,
  min: Number.NaN,
  mean: Number.NaN,
  max: Number.NaN,
  ranks: [],
};

/** The figures that a report shows, where the tool gave them; NaN elsewhere. */
export function percentilesGiven({ count, min, mean, max, ranks }: GivenTimes): Percentiles {
  const byRank = new Map(ranks);
  const at = (percent: number): number => byRank.get(percent) ?? Number.NaN;
  return {
    count,
    min,
    mean,
    deviation: Number.NaN,
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max,
  };
}

/**
 * The histogram's figures, or what the tool gave instead: exact where the histogram is rounded, and there where it is empty. No
 * percentile exceeds the largest time that is known.
 */
export function percentilesFrom(histogram: Histogram, given: GivenTimes | undefined): Percentiles | undefined {
  const measured = percentilesOf(histogram);
  if (given === undefined) return measured;
  const known = percentilesGiven(given);
  if (measured === undefined) return known;
  const at = (name: keyof Percentiles): number => (Number.isFinite(known[name]) ? known[name] : measured[name]);
  const within = (name: keyof Percentiles): number => Math.min(at(name), at('max'));
  return {
    count: measured.count,
    min: at('min'),
    mean: at('mean'),
    deviation: measured.deviation,
    p50: within('p50'),
    p90: within('p90'),
    p95: within('p95'),
    p99: within('p99'),
    p999: within('p999'),
    max: at('max'),
  };
}
