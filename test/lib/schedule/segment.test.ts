import { expect, test } from '@jest/globals';
import { area, compressed, levelAt, peakLevel, timeAtArea, totalUs } from '../../../lib/schedule/segment.ts';

const climb = { durationUs: 10e6, from: 0, to: 100 };
const flat = { durationUs: 2e6, from: 100, to: 100 };

test.each([
  [climb, 500], // (0 + 100)/2 · 10 s
  [flat, 200], // 100 · 2 s
  [{ durationUs: 500, from: 10, to: 30 }, 0.01], // 20 · 0.0005 s
])('the area of %j is %d', (segment, arrivals) => {
  expect(area(segment)).toBeCloseTo(arrivals, 12);
});

test.each([
  [climb, 5, 1e6], // ½ · 10/s² · (1 s)² = 5
  [climb, 125, 5e6], // ½ · 10 · 5² = 125
  [flat, 50, 0.5e6], // 100/s · 0.5 s
  [flat, 0, 0],
  [{ durationUs: 10e6, from: 100, to: 0 }, 375, 5e6], // 100 · 5 − ½ · 10 · 5²
  [{ durationUs: 10e6, from: 100, to: 100 + 1e-9 }, 500, 5e6], // no digits lost where the slope is near 0
])('%j has passed %d after %d µs', (segment, count, us) => {
  expect(timeAtArea(segment, count)).toBeCloseTo(us, 3);
});

test.each([
  [0, 0],
  [5e6, 50],
  [10e6, 100], // the later segment counts
  [12e6, 0], // past the end
  [-1, 0],
])('at %d µs the level is %d', (atUs, level) => {
  expect(levelAt([climb, flat], atUs)).toBe(level);
});

test('length and peak are those of all segments', () => {
  expect(totalUs([climb, flat])).toBe(12e6);
  expect(peakLevel([climb, { ...flat, from: 130 }])).toBe(130);
  expect(peakLevel([])).toBe(0);
});

test('compressing leaves at least a microsecond', () => {
  expect(compressed([{ durationUs: 3, from: 1, to: 2 }], 1000)).toEqual([{ durationUs: 1, from: 1, to: 2 }]);
});
