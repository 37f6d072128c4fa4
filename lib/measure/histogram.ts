import { Int32Histogram } from 'hdr-histogram-js';

/** An HdrHistogram of whole microseconds with 3 significant digits, growing with the largest value seen. */
export type Histogram = Int32Histogram;

/** µs at the percentiles that a report shows. `count` is how many values stand behind them; without any there are none. */
export interface Percentiles {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Grows to an hour: a request's deadline is shorter, and a slip of the clock must not throw. */
const HIGHEST_US = 3_600_000_000;

export function emptyHistogram(): Histogram {
  const histogram = new Int32Histogram(1, 2, 3);
  histogram.autoResize = true;
  return histogram;
}

/** Fractions of a microsecond are rounded; a negative difference of two clocks counts as 0. */
export function record(histogram: Histogram, us: number): void {
  histogram.recordValue(Math.min(HIGHEST_US, Math.max(0, Math.round(us))));
}

export function addHistogram(into: Histogram, other: Histogram): void {
  if (other.totalCount > 0) into.add(other);
}

/** The value that `percentile` (0–100) of the recorded ones don't exceed, in µs; NaN where nothing was recorded. */
export function valueAt(histogram: Histogram, percentile: number): number {
  return histogram.totalCount === 0 ? Number.NaN : histogram.getValueAtPercentile(percentile);
}

export function percentilesOf(histogram: Histogram): Percentiles | undefined {
  if (histogram.totalCount === 0) return undefined;
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile);
  return {
    count: histogram.totalCount,
    min: histogram.lowestEquivalentValue(at(0)),
    mean: Math.round(histogram.mean),
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: at(100),
  };
}

/** On the wire: value, count, then the step to the next value and its count, and so on. Values are the buckets' lower ends. */
export function toPairs(histogram: Histogram): number[] {
  const pairs: number[] = [];
  if (histogram.totalCount === 0) return pairs;
  const last = histogram.countsArrayIndex(histogram.maxValue);
  let before = 0;
  for (let index = histogram.countsArrayIndex(histogram.getValueAtPercentile(0)); index <= last; index += 1) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) continue;
    const value = histogram.valueFromIndex(index);
    pairs.push(value - before, count);
    before = value;
  }
  return pairs;
}

export function fromPairs(pairs: readonly number[]): Histogram {
  const histogram = emptyHistogram();
  let value = 0;
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    value += pairs[at] ?? 0;
    histogram.recordValueWithCount(value, pairs[at + 1] ?? 0);
  }
  return histogram;
}
