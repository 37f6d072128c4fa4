import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { arrivals, countArrivals, type ArrivalPlan } from '../../lib/schedule/arrivals.ts';
import { area, compressed, levelAt, peakLevel, totalUs, type Segment } from '../../lib/schedule/segment.ts';
import { loads } from './loads.ts';

const plans: fc.Arbitrary<ArrivalPlan> = fc.record({
  segments: loads,
  process: fc.constantFrom('uniform', 'poisson'),
  seed: fc.integer(),
});

const startsOf = (plan: ArrivalPlan): number[] => Array.from(arrivals(plan), ({ intendedUs }) => intendedUs);

/** ∫ level dt from 0 to `untilUs` by the midpoint rule; exact on straight pieces but for cells with a bend in them. */
function integrate(segments: readonly Segment[], untilUs: number): number {
  const cells = 20_000;
  const cellUs = untilUs / cells;
  let sum = 0;
  for (let i = 0; i < cells; i += 1) sum += levelAt(segments, (i + 0.5) * cellUs) * (cellUs / 1e6);
  return sum;
}

describe('arrivals', () => {
  test('are as many as counted', () => {
    fc.assert(fc.property(plans, (plan) => expect(startsOf(plan)).toHaveLength(countArrivals(plan))));
  });

  test('are, evenly spaced, the area under the level, the arrival at 0 included', () => {
    fc.assert(
      fc.property(loads, (segments) => {
        const expected = segments.reduce((sum, segment) => sum + area(segment), 0);
        const count = startsOf({ segments, process: 'uniform', seed: 1 }).length;
        // n arrivals are due at 0, 1, …, n − 1 of the area, so n − 1 < area ≤ n
        expect(count).toBeGreaterThanOrEqual(expected - 1e-5);
        expect(count).toBeLessThan(expected + 1 + 1e-5);
      }),
    );
  });

  test('come in order and inside the phase', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const starts = startsOf(plan);
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
        expect(starts.every((start) => start >= 0 && start < totalUs(plan.segments))).toBe(true);
      }),
    );
  });

  test('of k shares are together the plan, exactly, and disjoint', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 9 }), (plan, of) => {
        const shares = Array.from({ length: of }, (_, index) => [...arrivals(plan, { index, of })]);
        const together = shares.flat().toSorted((a, b) => a.index - b.index);
        expect(together).toEqual([...arrivals(plan)]);
        expect(shares.map((_, index) => countArrivals(plan, { index, of }))).toEqual(
          shares.map((share) => share.length),
        );
        const sizes = shares.map((share) => share.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('that stand for several each are as many as at so much lower a level', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3 }), (plan, cost, of) => {
        const lower = plan.segments.map((each) => ({ ...each, from: each.from / cost, to: each.to / cost }));
        const share = { index: of - 1, of };
        const [ours, theirs] = [
          [...arrivals(plan, share, () => cost)],
          [...arrivals({ ...plan, segments: lower }, share)],
        ];
        // Rounding may put one on the other side of the end.
        expect(Math.abs(ours.length - theirs.length)).toBeLessThanOrEqual(1);
        ours.slice(0, theirs.length).forEach(({ index, intendedUs }, i) => {
          expect(index).toBe(theirs[i]?.index);
          expect(Math.abs(intendedUs - (theirs[i]?.intendedUs ?? 0))).toBeLessThan(1);
        });
      }),
    );
  });

  test('are a function of the plan and the seed', () => {
    fc.assert(fc.property(plans, (plan) => expect(startsOf(plan)).toEqual(startsOf({ ...plan }))));
  });

  test('start where the numeric integral of the level reaches their number', () => {
    fc.assert(
      fc.property(loads, fc.double({ min: 0, max: 1, noNaN: true }), (segments, where) => {
        const all = [...arrivals({ segments, process: 'uniform', seed: 1 })];
        const arrival = all[Math.floor(where * (all.length - 1))];
        fc.pre(arrival !== undefined);
        const bends = segments.length * peakLevel(segments) * (totalUs(segments) / 1e6 / 20_000);
        expect(Math.abs(integrate(segments, arrival?.intendedUs ?? 0) - (arrival?.index ?? 0))).toBeLessThan(
          bends + 1e-4,
        );
      }),
      { numRuns: 40 },
    );
  });
});

const counts = (segments: Segment[], seeds: number): number[] =>
  Array.from({ length: seeds }, (_, seed) => countArrivals({ segments, process: 'poisson', seed: seed * 7919 }));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
};

describe('Poisson arrivals', () => {
  test('have the mean and the variance of their area: 50/s for 2 s, then 0 → 100/s in 4 s, is 300', () => {
    const segments = [
      { durationUs: 2e6, from: 50, to: 50 },
      { durationUs: 4e6, from: 0, to: 100 },
    ];
    const seen = counts(segments, 400);
    // standard error of the mean √(300 / 400) = 0.87, of the variance 300·√(2 / 399) = 21; four of each
    expect(Math.abs(mean(seen) - 300)).toBeLessThan(4 * 0.87);
    expect(Math.abs(variance(seen) - 300)).toBeLessThan(4 * 21);
  });

  test('leave exponential gaps: mean and standard deviation 1 ms at 1,000/s', () => {
    const starts = startsOf({ segments: [{ durationUs: 20e6, from: 1000, to: 1000 }], process: 'poisson', seed: 42 });
    const gaps = starts.slice(1).map((start, i) => start - (starts[i] ?? 0));
    // 20,000 gaps: standard error of the mean 1000/√20000 = 7 µs, of the standard deviation 1000·√(2/20000) = 10 µs
    expect(Math.abs(mean(gaps) - 1000)).toBeLessThan(4 * 7);
    expect(Math.abs(Math.sqrt(variance(gaps)) - 1000)).toBeLessThan(4 * 10);
    // P(gap > 2 means) = e⁻² = 0.135; standard error √(0.135·0.865/20000) = 0.0024
    const long = gaps.filter((gap) => gap > 2000).length / gaps.length;
    expect(Math.abs(long - Math.exp(-2))).toBeLessThan(4 * 0.0024);
  });

  test('differ by seed', () => {
    const segments = [{ durationUs: 1e6, from: 100, to: 100 }];
    const [one, two] = [1, 2].map((seed) => startsOf({ segments, process: 'poisson', seed }));
    expect(one).not.toEqual(two);
  });
});

test('compressing keeps every level and divides the time', () => {
  fc.assert(
    fc.property(
      loads,
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (segments, factor, at) => {
        const short = compressed(segments, factor);
        expect(short.map(({ from, to }) => [from, to])).toEqual(segments.map(({ from, to }) => [from, to]));
        // each segment is rounded to whole µs
        expect(Math.abs(totalUs(short) - totalUs(segments) / factor)).toBeLessThanOrEqual(segments.length / 2 + 1e-3);
        const first = segments[0] ?? { durationUs: 1, from: 0, to: 0 };
        const insideUs = at * 0.99 * first.durationUs;
        const slope = Math.abs(first.to - first.from) / (first.durationUs / factor);
        const [long, brief] = [levelAt(segments, insideUs), levelAt(short, (insideUs / factor) * 0.999)];
        fc.pre((short[0]?.durationUs ?? 0) > 1000);
        expect(Math.abs(long - brief)).toBeLessThan(slope * (insideUs / factor) * 0.002 + slope + 1e-9);
      },
    ),
  );
});
