import { describe, expect, test } from '@jest/globals';
import { againstLittlesLaw, fitScalability, type UniversalScalability } from '../../../../lib/analysis/capacity/usl.ts';
import { carriedBy, seeded } from './servers.ts';

const law = { gamma: 50, sigma: 0.02, kappa: 0.0005 };
const LOADS = [1, 2, 4, 8, 16, 32, 64, 128];

const at = (loads: readonly number[], carried: (load: number) => number) =>
  loads.map((load) => ({ load, throughputPerSecond: carried(load) }));

/** By Box and Muller. */
const normal = (draw: () => number) => Math.sqrt(-2 * Math.log1p(-draw())) * Math.cos(2 * Math.PI * draw());

const noisy = (share: number, seed: number): UniversalScalability => {
  const draw = seeded(seed);
  const fit = fitScalability(at(LOADS, (load) => carriedBy(law, load) * (1 + share * normal(draw))));
  if (!fit.usable) throw new Error(fit.reason);
  return fit;
};

describe('the Universal Scalability Law', () => {
  test('is recovered from points without noise, with its peak at √((1 − σ)/κ)', () => {
    const fit = noisy(0, 1);
    expect(fit.gamma.value).toBeCloseTo(50, 6);
    expect(fit.sigma.value).toBeCloseTo(0.02, 6);
    expect(fit.kappa.value).toBeCloseTo(0.0005, 8);
    expect(fit.peak?.load.value).toBeCloseTo(Math.sqrt(0.98 / 0.0005), 3);
    expect(fit.peak?.throughputPerSecond.value).toBeCloseTo(carriedBy(law, Math.sqrt(0.98 / 0.0005)), 3);
  });

  test.each([0.005, 0.01, 0.03])('lies within the interval stated, 19 times in 20, at a noise of %p', (share) => {
    const fits = Array.from({ length: 100 }, (_, seed) => noisy(share, seed));
    const inside = (of: (fit: UniversalScalability) => { value: number; plusMinus: number }, truth: number) =>
      fits.map(of).filter(({ value, plusMinus }) => Math.abs(value - truth) <= plusMinus).length;
    expect(inside(({ sigma }) => sigma, 0.02)).toBeGreaterThanOrEqual(90);
    expect(inside(({ kappa }) => kappa, 0.0005)).toBeGreaterThanOrEqual(90);
  });

  test('without coherency it levels off and has no peak', () => {
    const fit = fitScalability(at(LOADS, (load) => carriedBy({ ...law, kappa: 0 }, load)));
    expect(fit).toMatchObject({ usable: true });
    expect(fit).not.toHaveProperty('peak');
  });

  test.each([
    ['too few loads', at([1, 2, 4, 8, 8], (load) => 50 * load), '4 different loads are too few, 5 are needed'],
    ['no curvature', at([1, 2, 4, 8, 16], (load) => 50 * load * (load === 4 ? 1.01 : 1)), 'no curvature'],
    ['another curve', at([1, 2, 4, 8, 16, 32], (load) => 50 + (load % 3) * 40), 'off the best curve'],
    ['a load of zero', at([0, 1, 2, 4, 8, 16], (load) => 50 * load), 'more than zero'],
  ])('is refused in words for %s', (_, points, reason) => {
    expect(fitScalability(points)).toEqual({ usable: false, reason: expect.stringContaining(reason) });
  });
});

test("Little's law flags points whose users are not throughput times response time", () => {
  // 100/s × 51 ms = 5.1 under way, and of 20 journeys a second that pause for 2 s altogether 40 users who think.
  const steady = { users: 5, throughputPerSecond: 100, meanUs: 51_000, thinking: 0 };
  const pausing = { ...steady, users: 46, thinking: 40 };
  const growing = { ...steady, users: 50 };
  expect(againstLittlesLaw([steady, pausing, growing])).toEqual([{ ...growing, usersByLaw: 5.1 }]);
});
