import { valuesAt, type Histogram } from '../measure/histogram.ts';

/** The 1st to the 100th percentile in µs, or as many as there are values: these have the same percentiles and maximum as all. */
export function hundredths(histogram: Histogram): number[] {
  const count = Math.min(100, histogram.totalCount);
  return valuesAt(
    histogram,
    Array.from({ length: count }, (_, index) => ((index + 1) / count) * 100),
  );
}
