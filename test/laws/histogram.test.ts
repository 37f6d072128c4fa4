import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { deflateSync } from 'node:zlib';
import {
  addHistogram,
  addPacked,
  countsWithin,
  emptyHistogram,
  packHistogram,
  percentilesOf,
  record,
  sumUs,
  valueAt,
  valuesAt,
  withoutHistogram,
  type Histogram,
} from '../../lib/measure/histogram.ts';

const anyUs = fc.oneof(fc.nat(3000), fc.nat(1_000_000), fc.nat(3_600_000_000));
const values = fc.array(anyUs, { minLength: 1, maxLength: 200 });

function histogramOf(each: readonly number[]): Histogram {
  const histogram = emptyHistogram();
  for (const us of each) record(histogram, us);
  return histogram;
}

/** Nearest rank, as HdrHistogram counts. */
const exact = (each: readonly number[], percentile: number): number => {
  const sorted = each.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? Number.NaN;
};

/** 3 significant digits. */
const PRECISION = 1e-3;

test("law: the sum is the library's mean of all values, and theirs to 3 digits", () => {
  fc.assert(
    fc.property(values, (each) => {
      const histogram = histogramOf(each);
      const truth = each.reduce((sum, us) => sum + us, 0);
      expect(sumUs(histogram) / each.length).toBe(histogram.mean);
      expect(Math.abs(sumUs(histogram) - truth)).toBeLessThanOrEqual(each.length + truth * PRECISION);
    }),
  );
});

test('law: as many are at most a bound as there are values up to it, to 3 digits', () => {
  fc.assert(
    fc.property(values, fc.array(anyUs, { maxLength: 10 }), (each, bounds) => {
      const ascending = bounds.toSorted((a, b) => a - b);
      const upTo = (us: number): number => each.filter((value) => value <= us).length;
      for (const [at, count] of countsWithin(histogramOf(each), ascending).entries()) {
        const bound = ascending[at] ?? 0;
        expect(count).toBeGreaterThanOrEqual(upTo(bound));
        expect(count).toBeLessThanOrEqual(upTo(bound + bound * PRECISION + 1));
      }
    }),
  );
});

test('law: percentiles are those of the values, to 3 digits', () => {
  fc.assert(
    fc.property(values, fc.constantFrom(0, 50, 90, 95, 99, 99.9, 100), (each, percentile) => {
      const truth = exact(each, percentile);
      expect(Math.abs(valueAt(histogramOf(each), percentile) - truth)).toBeLessThanOrEqual(
        Math.max(1, truth * PRECISION),
      );
    }),
  );
});

test('law: values at several percentiles, read in one pass, are those that the library reads one by one', () => {
  const some = fc.array(fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 100, noNaN: true })));
  fc.assert(
    fc.property(values, some, (each, any) => {
      const [histogram, percentiles] = [histogramOf(each), any.toSorted((a, b) => a - b)];
      expect(valuesAt(histogram, percentiles)).toEqual(percentiles.map((at) => histogram.getValueAtPercentile(at)));
    }),
  );
  expect(valuesAt(emptyHistogram(), [0, 99])).toEqual([Number.NaN, Number.NaN]);
});

test('law: the deviation is that of the values, to 3 digits of the largest', () => {
  fc.assert(
    fc.property(values, (each) => {
      const mean = each.reduce((sum, us) => sum + us, 0) / each.length;
      const truth = Math.sqrt(each.reduce((sum, us) => sum + (us - mean) ** 2, 0) / each.length);
      const found = percentilesOf(histogramOf(each))?.deviation ?? Number.NaN;
      expect(Math.abs(found - truth)).toBeLessThanOrEqual(PRECISION * Math.max(...each) + 1);
    }),
  );
});

test('law: what is left without a part of the values are the others', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(packHistogram(withoutHistogram(histogramOf([...a, ...b]), histogramOf(b)))).toBe(
        packHistogram(histogramOf(a)),
      );
      expect(packHistogram(withoutHistogram(histogramOf(a), histogramOf(a)))).toBe('');
    }),
  );
});

test('law: smallest and largest frame all the others', () => {
  fc.assert(
    fc.property(values, (each) => {
      const found = percentilesOf(histogramOf(each));
      expect(found?.count).toBe(each.length);
      const { min = 0, p50 = 0, p90 = 0, p95 = 0, p99 = 0, p999 = 0, max = 0, mean = 0 } = found ?? {};
      const rising = [min, p50, p90, p95, p99, p999, max];
      expect(rising).toEqual(rising.toSorted((a, b) => a - b));
      expect(min).toBeLessThanOrEqual(Math.min(...each));
      expect(max).toBeGreaterThanOrEqual(Math.max(...each));
      expect(mean).toBeGreaterThanOrEqual(min - 1);
      expect(mean).toBeLessThanOrEqual(max);
    }),
  );
});

test('law: packed and added to nothing it is the same, added to another it is both', () => {
  fc.assert(
    fc.property(values, fc.array(anyUs), (each, others) => {
      const [back, sum] = [emptyHistogram(), histogramOf(others)];
      addPacked(back, packHistogram(histogramOf(each)));
      addPacked(sum, packHistogram(histogramOf(each)));
      expect(percentilesOf(back)).toEqual(percentilesOf(histogramOf(each)));
      expect(packHistogram(sum)).toEqual(packHistogram(histogramOf([...others, ...each])));
    }),
  );
});

/** What stands before the payload: cookies, length, normalising offset, digits, range as two halves, ratio (double). */
function asCompressedV2(payload: Buffer): string {
  const head = Buffer.alloc(40);
  [0x1c849303 + 0x10, payload.length, 0, 3, 0, 1, 0, 3_600_000_000].forEach((each, at) =>
    head.writeUInt32BE(each, at * 4),
  );
  head.writeDoubleBE(1, 32);
  const zipped = deflateSync(Buffer.concat([head, payload]));
  const outer = Buffer.alloc(8);
  outer.writeUInt32BE(0x1c849304 + 0x10, 0);
  outer.writeUInt32BE(zipped.length, 4);
  return Buffer.concat([outer, zipped]).toString('base64');
}

test("law: behind HdrHistogram's own header, packed histograms are HdrHistogram's", () => {
  fc.assert(
    fc.property(values, (each) => {
      const histogram = histogramOf(each);
      const text = asCompressedV2(Buffer.from(packHistogram(histogram), 'base64'));
      const read = decodeFromCompressedBase64(text, 64);
      const percentiles = [0, 50, 99, 99.9, 100];
      expect(percentiles.map((at) => read.getValueAtPercentile(at))).toEqual(
        percentiles.map((at) => valueAt(histogram, at)),
      );
      expect(read.totalCount).toBe(each.length);
    }),
  );
});

function nameOfError(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.name : 'nameless';
  }
}

test('law: what is no histogram is refused as such, or adds whole counts', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
      const into = emptyHistogram();
      expect([undefined, 'RangeError']).toContain(
        nameOfError(() => addPacked(into, Buffer.from(bytes).toString('base64'))),
      );
      expect(Number.isSafeInteger(into.totalCount)).toBe(true);
    }),
  );
});

test('law: adding histograms is recording both', () => {
  fc.assert(
    fc.property(values, fc.array(anyUs), (a, b) => {
      const sum = histogramOf(a);
      addHistogram(sum, histogramOf(b));
      expect(packHistogram(sum)).toEqual(packHistogram(histogramOf([...a, ...b])));
    }),
  );
});

test.each([
  [-5, 0],
  [0.4, 0],
  [0.6, 1],
  [7_200_000_000, 3_600_000_000],
])('%d µs are recorded as %d', (us, recorded) => {
  const { max = Number.NaN } = percentilesOf(histogramOf([us])) ?? {};
  expect(Math.abs(max - recorded)).toBeLessThanOrEqual(recorded * PRECISION);
});

test('zeros alone are added as other values are', () => {
  const sum = emptyHistogram();
  addHistogram(sum, histogramOf([0, 0]));
  expect(percentilesOf(sum)).toEqual(percentilesOf(histogramOf([0, 0])));
  expect(sum.maxValue).toBe(0);
});

test('of nothing there are no percentiles', () => {
  expect(percentilesOf(emptyHistogram())).toBeUndefined();
  expect(valueAt(emptyHistogram(), 99)).toBeNaN();
  expect(packHistogram(emptyHistogram())).toBe('');
});
