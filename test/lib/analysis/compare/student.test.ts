import { expect, test } from '@jest/globals';
import { farther, tBeyond } from '../../../../lib/analysis/compare/student.ts';

/** Two-sided quantiles of Student's t, as tables of statistics have them. */
test.each([
  [1, 0.01, 63.657],
  [2, 0.01, 9.925],
  [4, 0.01, 4.604],
  [8, 0.01, 3.355],
  [22, 0.01, 2.819],
  [22, 0.05, 2.074],
  [120, 0.01, 2.617],
  [4, 0.001, 8.61],
])('with %p degrees of freedom the share of %p lies beyond %p', (freedom, share, t) => {
  expect(tBeyond(share, freedom)).toBeCloseTo(t, 3);
  expect(farther(t, freedom)).toBeCloseTo(share, 4);
});

test('half of Cauchy’s distribution lies beyond 1, all of any beyond 0, none beyond everything', () => {
  expect([farther(1, 1), farther(0, 7), farther(Number.POSITIVE_INFINITY, 7)]).toEqual([expect.closeTo(0.5, 12), 1, 0]);
});
