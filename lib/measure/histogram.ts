// Its own file: the package's entry also loads pako and a WebAssembly build, 45 modules that nothing here needs, in every thread.
import int32 from 'hdr-histogram-js/dist/Int32Histogram.js';
import ulp from 'hdr-histogram-js/dist/ulp.js';

const { default: Int32Histogram } = int32;

/** An HdrHistogram of whole microseconds with 3 significant digits, growing with the largest value seen. */
export type Histogram = InstanceType<typeof Int32Histogram>;

/** µs at the percentiles that a report shows. `count` is the number of values they are computed from, one at the least. */
export interface Percentiles {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  /** The standard deviation, of all values and not of a sample. */
  readonly deviation: number;
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

/** Equal layouts have equal indices, so counts add up one by one, however far each histogram has grown. */
export function addHistogram(into: Histogram, other: Histogram): void {
  if (other.totalCount === 0) return;
  const last = other.countsArrayIndex(other.maxValue);
  const counts = countsUpTo(into, last);
  for (let index = 0; index <= last; index += 1) counts[index] = (counts[index] ?? 0) + (other._counts[index] ?? 0);
  into.addToTotalCount(other.totalCount);
  into.updateMinAndMax(other.maxValue);
  // Where only zeros were recorded there is no smallest value above 0: the library then has the largest number there is.
  if (other.minNonZeroValue <= other.maxValue) into.updateMinAndMax(other.minNonZeroValue);
}

/** What is left of a histogram without another, all of whose values are in it too. */
export function withoutHistogram(histogram: Histogram, other: Histogram): Histogram {
  const left = emptyHistogram();
  if (histogram.totalCount === other.totalCount) return left;
  const last = histogram.countsArrayIndex(histogram.maxValue);
  for (let index = 0; index <= last; index += 1) {
    const count = (histogram._counts[index] ?? 0) - (index < other.countsArrayLength ? (other._counts[index] ?? 0) : 0);
    if (count > 0) left.recordValueWithCount(layout.valueFromIndex(index), count);
  }
  return left;
}

function countsUpTo(histogram: Histogram, index: number): Histogram['_counts'] {
  if (index >= histogram.countsArrayLength) histogram.resize(histogram.valueFromIndex(index));
  return histogram._counts;
}

/** The value that `percentile` (0–100) of the recorded ones don't exceed, in µs; NaN where nothing was recorded. */
export function valueAt(histogram: Histogram, percentile: number): number {
  return histogram.totalCount === 0 ? Number.NaN : histogram.getValueAtPercentile(percentile);
}

/** The values at several percentiles, which ascend, in one pass: the library begins at the smallest value for each. */
export function valuesAt(histogram: Histogram, percentiles: readonly number[]): number[] {
  const { _counts: counts, totalCount } = histogram;
  if (totalCount === 0) return percentiles.map(() => Number.NaN);
  let [index, reached] = [-1, 0];
  return percentiles.map((percentile) => {
    const exact = (percentile / 100) * totalCount;
    // As in the library: no count is skipped for an error in the last digit.
    const rank = Math.max(1, Math.ceil(exact - ulp.default(exact)));
    while (reached < rank && index + 1 < counts.length) reached += counts[(index += 1)] ?? 0;
    const value = layout.valueFromIndex(index);
    return percentile === 0 ? value : layout.highestEquivalentValue(value);
  });
}

/** How many of the recorded values are `us` or more, to the histogram's resolution of a thousandth. */
export function countFrom(histogram: Histogram, us: number): number {
  if (histogram.totalCount === 0 || us > histogram.maxValue) return 0;
  let count = 0;
  const last = histogram.countsArrayIndex(histogram.maxValue);
  for (let index = histogram.countsArrayIndex(Math.round(us)); index <= last; index += 1)
    count += histogram._counts[index] ?? 0;
  return count;
}

/** All recorded values together, in µs, each as the middle of its cell. The library's own `mean` takes a hundred times as long. */
export const sumUs = (histogram: Histogram): number => sumOver(histogram, (us) => us);

/** Of each recorded value what `of` makes of its cell's middle, added up. */
function sumOver(histogram: Histogram, of: (us: number) => number): number {
  if (histogram.totalCount === 0) return 0;
  let sum = 0;
  const last = histogram.countsArrayIndex(histogram.maxValue);
  for (let index = 0; index <= last; index += 1) {
    const count = histogram._counts[index] ?? 0;
    if (count > 0) sum += count * of((middles[index] ||= layout.medianEquivalentValue(layout.valueFromIndex(index))));
  }
  return sum;
}

/** How many of the recorded values are at most each of the bounds, which ascend, to the histogram's resolution of a thousandth. */
export function countsWithin(histogram: Histogram, boundsUs: readonly number[]): number[] {
  const last = histogram.totalCount === 0 ? -1 : histogram.countsArrayIndex(histogram.maxValue);
  let [index, count] = [0, 0];
  return boundsUs.map((us) => {
    for (const end = Math.min(last, histogram.countsArrayIndex(us)); index <= end; index += 1)
      count += histogram._counts[index] ?? 0;
    return count;
  });
}

/** How often each time was recorded, by its index in the layout that all histograms share, ascending. */
export interface SparseCounts {
  readonly indices: Int32Array;
  readonly counts: Int32Array;
}

/** The counts that are not zero: a second's histogram has some hundred of ten thousands. */
export function sparseCounts(histogram: Histogram): SparseCounts {
  if (histogram.totalCount === 0) return { indices: new Int32Array(), counts: new Int32Array() };
  const { _counts: all } = histogram;
  const last = histogram.countsArrayIndex(histogram.maxValue);
  let room = 0;
  for (let index = 0; index <= last; index += 1) if ((all[index] ?? 0) > 0) room += 1;
  const [indices, counts] = [new Int32Array(room), new Int32Array(room)];
  let at = 0;
  for (let index = 0; at < room; index += 1) {
    const count = all[index] ?? 0;
    if (count === 0) continue;
    indices[at] = index;
    counts[at++] = count;
  }
  return { indices, counts };
}

/** From which µs to below which others the values of an index are. */
export function edgesOf(index: number): readonly [fromUs: number, toUs: number] {
  const from = layout.valueFromIndex(index);
  return [from, layout.nextNonEquivalentValue(from)];
}

export function percentilesOf(histogram: Histogram): Percentiles | undefined {
  if (histogram.totalCount === 0) return undefined;
  const [min = 0, p50 = 0, p90 = 0, p95 = 0, p99 = 0, p999 = 0, max = 0] = valuesAt(histogram, SHOWN);
  const mean = sumUs(histogram) / histogram.totalCount;
  return {
    count: histogram.totalCount,
    min,
    mean: Math.round(mean),
    deviation: Math.round(Math.sqrt(sumOver(histogram, (us) => (us - mean) ** 2) / histogram.totalCount)),
    p50,
    p90,
    p95,
    p99,
    p999,
    max,
  };
}

const SHOWN = [0, 50, 90, 95, 99, 99.9, 100];

const layout = emptyHistogram();

/** The last index that a value up to `HIGHEST_US` has. */
const LAST_INDEX = layout.countsArrayIndex(HIGHEST_US);
/** Of each index the middle of its values, once it was asked for. */
const middles: number[] = [];

const NOT_PACKED = 'not a histogram as it is written: its numbers end early, or go beyond an hour';

/** Beyond this a number is no whole one any more. */
const MOST_SCALE = 2 ** 42;

/** Room for the bytes of one histogram: two a value are usual, ten the most that a count can take. */
const scratch = Buffer.allocUnsafeSlow(10 * (LAST_INDEX + 1));

/**
 * The counts as text: base64 of the payload that follows the header in HdrHistogram's V2 encoding. It is a row of ZigZag LEB128
 * numbers, one a count from the lowest value on, where −n stands for n counts of zero. The empty histogram is the empty text.
 * Source: https://github.com/HdrHistogram/HdrHistogram, `EncodableHistogram` and `ZigZagEncoding`.
 */
export function packHistogram(histogram: Histogram): string {
  if (histogram.totalCount === 0) return '';
  const last = histogram.countsArrayIndex(histogram.maxValue);
  let [end, zeros] = [0, 0];
  for (let index = 0; index <= last; index += 1) {
    const count = histogram._counts[index] ?? 0;
    if (count === 0) zeros += 1;
    else {
      if (zeros > 0) end = putNumber(2 * zeros - 1, end);
      zeros = 0;
      end = putNumber(2 * count, end);
    }
  }
  return scratch.toString('base64', 0, end);
}

function putNumber(number: number, at: number): number {
  let [rest, end] = [number, at];
  for (; rest >= 0x80; end += 1) {
    scratch[end] = (rest % 0x80) + 0x80;
    rest = Math.floor(rest / 0x80);
  }
  scratch[end] = rest;
  return end + 1;
}

/** Adds what `packHistogram` wrote, without making a histogram of it first. Throws RangeError when it is nothing of the kind. */
export function addPacked(into: Histogram, text: string): void {
  if (text === '') return;
  if (text.length > scratch.length) throw new RangeError(NOT_PACKED);
  const end = scratch.write(text, 'base64');
  let [index, total, first] = [0, 0, -1];
  let counts = into._counts;
  for (let at = 0; at < end;) {
    let byte = scratch[at++] ?? 0;
    let number = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      if (at === end || scale > MOST_SCALE) throw new RangeError(NOT_PACKED);
      byte = scratch[at++] ?? 0;
      number += (byte & 0x7f) * scale;
    }
    if (number % 2 === 1) index += (number + 1) / 2;
    else {
      if (index > LAST_INDEX) throw new RangeError(NOT_PACKED);
      if (index >= counts.length) counts = countsUpTo(into, index);
      counts[index] = (counts[index] ?? 0) + number / 2;
      total += number / 2;
      if (first < 0) first = index;
      index += 1;
    }
  }
  into.addToTotalCount(total);
  into.updateMinAndMax(into.valueFromIndex(first));
  into.updateMinAndMax(into.valueFromIndex(index - 1));
}
