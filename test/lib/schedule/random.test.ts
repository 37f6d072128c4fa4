import { expect, test } from '@jest/globals';
import { seedOf, uniform01 } from '../../../lib/schedule/random.ts';

const first = (seed: number): number[] => Array.from({ length: 5 }, uniform01(seed));

test('the same seed gives the same numbers, in [0, 1)', () => {
  expect(first(7)).toEqual(first(7));
  expect(first(7)).not.toEqual(first(8));
  expect(Array.from({ length: 1000 }, uniform01(7)).every((value) => value >= 0 && value < 1)).toBe(true);
});

test('seeds of neighbouring parts differ, and so do seeds of swapped parts', () => {
  const seeds = Array.from({ length: 100 }, (_, i) => [seedOf(1, i), seedOf(i, 1), seedOf(1, i, 0)]).flat();
  // seedOf(1, 1) is made twice, of both orders
  expect(new Set(seeds).size).toBe(299);
});
