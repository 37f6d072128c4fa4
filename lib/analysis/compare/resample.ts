import { edgesOf } from '../../measure/histogram.ts';
import { uniform01 } from '../../schedule/random.ts';
import { comparedFigures, type ComparedFigure } from './figures.ts';
import type { SlicedTime, Slice } from './slices.ts';

/** One figure of one run: `value` on the scale that is compared (a logarithm, or a ratio), `error` its standard error within the run. */
export interface FigureEstimate {
  readonly value: number;
  /** NaN where the phase is too short for it. */
  readonly error: number;
  /** Blocks of seconds that the error rests on. */
  readonly blocks: number;
  /** Requests that the figure is of. */
  readonly count: number;
}

const RESAMPLES = 500;

/** Replies of neighbouring seconds are alike, so blocks are drawn and not seconds; a short phase has fewer seconds for them. */
const BLOCK_SECONDS = 5;
const SHORT_BLOCK_SECONDS = 2;
const SHORT_SECONDS = 60;

/** Of fewer blocks no spread can be had. */
const LEAST_BLOCKS = 6;

const SEED = 14;

/** How often each slice is in each resample: circular blocks (Politis and Romano 1992), as many as make up the phase. */
function drawnWeights(slices: number, block: number): Float64Array[] {
  const random = uniform01(SEED);
  return Array.from({ length: RESAMPLES }, () => {
    const weights = new Float64Array(slices);
    for (let drawn = 0; drawn < slices;) {
      const start = Math.floor(random() * slices);
      for (let at = 0; at < block && drawn < slices; at += 1, drawn += 1)
        weights[(start + at) % slices] = (weights[(start + at) % slices] ?? 0) + 1;
    }
    return weights;
  });
}

const weighted = (weights: Float64Array, of: (at: number) => number): number => {
  let sum = 0;
  for (let at = 0; at < weights.length; at += 1) sum += (weights[at] ?? 0) * of(at);
  return sum;
};

/** µs at a share of merged histograms, of which each counts as often as its weight says. */
type Quantile = (weights: Float64Array, share: number) => number;

/**
 * Finds percentiles of merged histograms without merging them anew for each resample: for every time that occurs, how many requests of
 * each slice took no longer. Inside of a histogram's bin the percentile lies where its rank does.
 */
function quantiles(slices: readonly Slice[], of: 'responseTime' | 'serviceTime'): Quantile {
  const indices = [...new Set(slices.flatMap((slice) => [...slice[of].indices]))].toSorted((a, b) => a - b);
  const place = new Map(indices.map((index, at) => [index, at]));
  const width = slices.length;
  // One row for each time that occurs, of one count for each slice.
  const table = new Float64Array(indices.length * width);
  for (const [at, slice] of slices.entries())
    slice[of].indices.forEach(
      (index, nth) => (table[(place.get(index) ?? 0) * width + at] = slice[of].counts[nth] ?? 0),
    );
  for (let at = width; at < table.length; at += 1) table[at] = (table[at] ?? 0) + (table[at - width] ?? 0);
  const upTo = (weights: Float64Array, row: number): number => {
    let sum = 0;
    if (row >= 0)
      for (let slice = 0; slice < width; slice += 1) sum += (weights[slice] ?? 0) * (table[row * width + slice] ?? 0);
    return sum;
  };
  return (weights, share) => {
    const rank = share * upTo(weights, indices.length - 1);
    if (!(rank > 0)) return Number.NaN;
    let [low, high] = [0, indices.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo(weights, middle) >= rank) high = middle;
      else low = middle + 1;
    }
    const before = upTo(weights, low - 1);
    const [from, to] = edgesOf(indices[low] ?? 0);
    return from + ((to - from) * (rank - before)) / (upTo(weights, low) - before);
  };
}

interface Sized {
  readonly value: (weights: Float64Array) => number;
  readonly count: (weights: Float64Array) => number;
}

/** How each figure of a series is made from its slices. */
function makersOf({ slices }: SlicedTime): (figure: ComparedFigure) => Sized {
  const sum = (key: 'seconds' | 'ok' | 'ended' | 'wrong') => (weights: Float64Array) =>
    weighted(weights, (at) => slices[at]?.[key] ?? 0);
  const [seconds, ok, ended, wrong] = [sum('seconds'), sum('ok'), sum('ended'), sum('wrong')];
  const times = { responseTime: quantiles(slices, 'responseTime'), serviceTime: quantiles(slices, 'serviceTime') };
  return ({ name, percentile }) => {
    if (percentile !== undefined)
      return { value: (weights) => Math.log(times[percentile.of](weights, percentile.share)), count: ended };
    if (name === 'errorRatio') return { value: (weights) => wrong(weights) / ended(weights), count: ended };
    return { value: (weights) => Math.log(ok(weights) / seconds(weights)), count: ok };
  };
}

function spreadOf(values: readonly number[]): number {
  const known = values.filter((value) => Number.isFinite(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1));
}

/**
 * Every figure of a series with its noise within the run, in the order of `comparedFigures`. The error is that of a circular block
 * bootstrap, × √(k / (k − 1)) for k blocks, since so few of them show too little spread.
 */
export function estimatesOf(series: SlicedTime): readonly FigureEstimate[] {
  const { slices, sliceSeconds } = series;
  const seconds = slices.length * sliceSeconds;
  const block = Math.ceil((seconds < SHORT_SECONDS ? SHORT_BLOCK_SECONDS : BLOCK_SECONDS) / sliceSeconds);
  const blocks = Math.floor(slices.length / block);
  const all = new Float64Array(slices.length).fill(1);
  const resamples = blocks < LEAST_BLOCKS ? [] : drawnWeights(slices.length, block);
  const make = makersOf(series);
  return comparedFigures.map((figure) => {
    const { value, count } = make(figure);
    const spread = resamples.length === 0 ? Number.NaN : spreadOf(resamples.map(value));
    return { value: value(all), error: spread * Math.sqrt(blocks / (blocks - 1)), blocks, count: count(all) };
  });
}
