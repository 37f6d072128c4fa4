import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  binaryStep,
  clock,
  linearScale,
  logScale,
  roundTo,
  timeTicks,
} from '../../../../../lib/report/formats/html/static-plot.ts';

describe('scales', () => {
  test.each([
    [0.3, false, 0.5],
    [3, false, 5],
    [5, false, 5],
    [7, false, 10],
    [7, true, 5],
    [1999, true, 1000],
  ])('roundTo(%d, down: %s) is %d', (value, down, expected) => {
    expect(roundTo(value, down)).toBeCloseTo(expected, 9);
  });

  test('a linear scale begins at 0, holds the highest value, and has round ticks', () => {
    expect(linearScale(1100, 4).ticks).toEqual([0, 500, 1000, 1500]); // 1100 ÷ 4 = 275, so steps of 500
    expect(linearScale(0, 4).ticks).toEqual([0, 0.5, 1]);
    expect(linearScale(5e8, 2, binaryStep).ticks).toEqual([0, 2 ** 28, 2 ** 29]);
  });

  test('a logarithmic scale has its ticks at powers of ten', () => {
    expect(logScale(3300, 4.3e6).ticks).toEqual([1e4, 1e5, 1e6]); // from 2 ms to 5 s
    expect(logScale(1000, 1e5).at(1e4)).toBeCloseTo(0.5, 9);
  });

  test('both keep the order of values, and every value on the axis', () => {
    const value = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        for (const { at } of [linearScale(high, 4), logScale(low, high)]) {
          expect(at(low)).toBeLessThanOrEqual(at(high));
          expect(at(low)).toBeGreaterThanOrEqual(0);
          expect(at(high)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test.each([
    [90, 10, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]],
    [3600, 4, [0, 900, 1800, 2700, 3600]],
    [28_800, 10, [0, 3600, 7200, 10_800, 14_400, 18_000, 21_600, 25_200, 28_800]],
  ])('%d s with at most %d steps', (total, most, expected) => {
    expect(timeTicks(total, most)).toEqual(expected);
  });

  test.each([
    [45, 90, '45 s'],
    [750, 3600, '12:30'],
    [3900, 28_800, '1:05 h'],
  ])('%d s of %d s read as %s', (seconds, total, expected) => {
    expect(clock(seconds, total)).toBe(expected);
  });
});
