import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatNumber, formatRatio, formatSpan, formatUs, parseDurationUs, toSeconds } from '../../lib/units.ts';

describe('durations', () => {
  test.each([
    ['1us', 1],
    ['250ms', 250_000],
    ['30s', 30e6],
    ['5m', 300e6],
    ['1h30m', 5400e6],
    ['5m5ms', 300_005_000], // ms, not m and s
    ['0.5s', 500_000],
    ['1.5h', 5400e6],
    ['0.1us', 0], // finer than a microsecond is rounded
    ['0s', 0],
    ['30m1h', 5400e6],
  ])('%s is %d µs', (text, us) => {
    expect(parseDurationUs(text)).toBe(us);
  });

  test.each(['', ' ', '5', 's', '5 s', '-5s', '5S', '5w', '1e3s', '.5s', '5.s', '5s ', 'NaN', '5s5', '５s', '1,5s'])(
    '"%s" is none',
    (text) => {
      expect(parseDurationUs(text)).toBeUndefined();
    },
  );

  test('seconds of it', () => {
    expect(toSeconds(1_500_000)).toBe(1.5);
  });

  const units = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 } as const;
  const pair = fc.tuple(
    fc.integer({ min: 0, max: 10_000 }),
    fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[])),
  );

  test('pairs add up, in any order', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 5 }), (pairs) => {
        const text = pairs.map(([amount, unit]) => `${amount}${unit}`).join('');
        expect(parseDurationUs(text)).toBe(pairs.reduce((sum, [amount, unit]) => sum + amount * units[unit], 0));
      }),
    );
  });

  test('a whole duration below a thousand units is read as it was shown', () => {
    const shown = (text: string): string => text.replace('µ', 'u').replaceAll(' ', '');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.constantFrom(1, 1e3), (amount, unit) => {
        expect(parseDurationUs(shown(formatUs(amount * unit)))).toBe(amount * unit);
      }),
    );
  });

  test('a span of two neighbouring units is read as it was shown', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.boolean(),
        (big, small, hours) => {
          const us = hours ? big * 3600e6 + small * 60e6 : big * 60e6 + small * 1e6;
          expect(parseDurationUs(formatSpan(us).replaceAll(' ', '').replace('min', 'm'))).toBe(us);
        },
      ),
    );
  });

  test('what is shown of any time is within half a unit of its third digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_000_000 }), (us) => {
        const text = formatUs(us).replace('µ', 'u').replaceAll(/[ ,]/g, '');
        expect(Math.abs((parseDurationUs(text) ?? Number.NaN) - us)).toBeLessThanOrEqual(Math.max(0.5, us * 0.005));
      }),
    );
  });
});

describe('shown', () => {
  test.each([
    [0, '0 µs'],
    [843, '843 µs'],
    [843.4, '843 µs'],
    [-0.2, '0 µs'],
    [999.4, '999 µs'],
    [999.6, '1 ms'], // not 1000 µs
    [1000, '1 ms'],
    [12_400, '12.4 ms'],
    [999_400, '999 ms'],
    [999_600, '1 s'], // not 1,000 ms
    [1_020_000, '1.02 s'],
    [3_600_000_000, '3,600 s'],
    [Number.NaN, '– s'],
  ])('%d µs is %s', (us, text) => {
    expect(formatUs(us)).toBe(text);
  });

  test.each([
    [500_000, '500 ms'],
    [1e6, '1 s'],
    [2.5e6, '2.5 s'],
    [2.54e6, '2.5 s'],
    [9.94e6, '9.9 s'],
    [9.96e6, '10 s'],
    [45.4e6, '45 s'],
    [59.6e6, '1 min'],
    [90e6, '1 min 30 s'],
    [3600e6, '1 h'],
    [3605e6, '1 h 5 s'],
    [7500e6, '2 h 5 min'],
    [7501e6, '2 h 5 min'], // two parts are enough
    [360_000e6, '100 h'],
  ])('a span of %d µs is %s', (us, text) => {
    expect(formatSpan(us)).toBe(text);
  });

  test.each([
    [0, '0'],
    [-0, '0'],
    [-0.001, '0'],
    [0.523, '0.52'],
    [9.999, '10'],
    [41.26, '41.3'],
    [99.96, '100'],
    [1250, '1,250'],
    [-1250.4, '-1,250'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test.each([
    [0, '0 %'],
    [-0, '0 %'],
    [0.000_001, '< 0.01 %'],
    [0.0001, '0.01 %'],
    [0.0042, '0.42 %'],
    [0.5, '50 %'],
    [1, '100 %'],
    [1.25, '125 %'],
    [Number.NaN, '– %'],
  ])('the ratio %d is %s', (ratio, text) => {
    expect(formatRatio(ratio)).toBe(text);
  });

  test('no number is ever shown as -0 or NaN', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        for (const text of [formatNumber(value), formatRatio(value), formatUs(value)]) {
          expect(text).not.toMatch(/NaN|undefined|^-0(?![.,]*[\d]*[1-9])/);
        }
      }),
    );
  });

  test('are what Intl says of them, but for NaN', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ noNaN: true }), fc.double({ noNaN: true, min: -2e4, max: 2e4 })), (value) => {
        const size = Math.abs(value);
        const maximumFractionDigits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
        expect(formatNumber(value)).toBe(
          value.toLocaleString('en-GB', { maximumFractionDigits, signDisplay: 'negative' }),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('a number keeps its sign and its order', () => {
    const plain = (value: number): number => Number(formatNumber(value).replaceAll(',', ''));
    const shown = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(shown, shown, (a, b) => {
        expect(plain(Math.min(a, b))).toBeLessThanOrEqual(plain(Math.max(a, b)));
      }),
    );
  });

  test('a ratio above nothing never reads as nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1, noNaN: true }), (ratio) => {
        expect(formatRatio(ratio)).not.toBe('0 %');
      }),
    );
  });
});
