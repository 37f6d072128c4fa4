import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { arrivals } from '../../../lib/schedule/arrivals.ts';
import { afterBlocking, queueOf } from './behaviour.ts';
import { behaviours } from './behaviours.ts';
import { evenStarts, percentileOf, responseTimes, truthOf } from './distribution.ts';

// Arrivals 1/197 s apart take samples of a continuous distribution, which is worked out beside each row; `within` is how far
// apart two neighbours among the samples may be. All in ms.
test.each([
  ['fixed', 20, 20, 20, 0.001],
  // A tenth waits, evenly from 0 to 1000, and all take 5: 1 % is above 905 and 0.1 % above 995.
  ['stall', 5, 905, 995, 1000 / 197],
  // The first 5 s of 10 see 1010 − 200 a second: 1 % is the first 100 ms, 0.1 % the first 10.
  ['slow-start', 10, 990, 1008, 0.2 * (1000 / 197)],
  // A tenth waits, evenly from 5 to 105; who came in the last 5 ms before a pause is answered after it, 100 to 105 after coming.
  // Above 100 are 0.5 % of the one and 0.5 % of the other; above 104.5 are 0.05 % and 0.05 %. 10 s hold 10 periods of 997 ms.
  ['pause', 5, 100, 104.5, 2 * (100 / 197)],
])('the truth of %s is that of its closed form', (name, ...[p50, p99, p999, within]) => {
  const behaviour = behaviours.find((each) => each.name === name);
  if (behaviour === undefined) throw new TypeError(`no ${name}`);
  const { p50Us, p99Us, p999Us } = truthOf(behaviour);
  const apart = [p50Us / 1000 - p50, p99Us / 1000 - p99, p999Us / 1000 - p999].map(Math.abs);
  expect(Math.max(...apart)).toBeLessThanOrEqual(within);
});

// Server n mod c begins when its first comes, at (n mod c)/r, and is never idle from then on.
test('D/D/c above its capacity: W(n) = (n mod c)/r + s·(⌊n/c⌋ + 1) − n/r', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 1, max: 4, noNaN: true }),
      (c, ms, load) => {
        const serviceUs = ms * 1000;
        const apartUs = serviceUs / (c * load);
        const answer = queueOf(c, serviceUs);
        for (let n = 0; n < 200; n += 1) {
          const waited = answer(n * apartUs) - n * apartUs;
          expect(waited).toBeCloseTo((n % c) * apartUs + serviceUs * (Math.floor(n / c) + 1) - n * apartUs, 3);
        }
      },
    ),
  );
});

test('D/D/c below its capacity: nobody waits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.double({ min: 0.05, max: 0.99, noNaN: true }), (c, load) => {
      const starts = evenStarts((c * load) / 0.02, 300);
      expect(percentileOf(responseTimes(queueOf(c, 20_000), starts), 100)).toBeCloseTo(20_000, 3);
    }),
  );
});

test('M/D/1 waits ρ·s / 2(1 − ρ) on average (Pollaczek–Khinchine)', () => {
  const plan = { segments: [{ durationUs: 1e9, from: 50, to: 50 }], process: 'poisson' as const, seed: 7 };
  const starts = Array.from(arrivals(plan), ({ intendedUs }) => intendedUs);
  const times = responseTimes(queueOf(1, 10_000), starts);
  const meanWait = times.reduce((sum, time) => sum + time, 0) / times.length - 10_000;
  // ρ = 50/s × 10 ms = 0.5: 0.5 · 10 / (2 · 0.5) = 5 ms; 50,000 arrivals are good for 3 %.
  expect(Math.abs(meanWait / 5000 - 1)).toBeLessThan(0.03);
});

test('blocked time ends at its end, and only it is blocked', () => {
  const blocking = { periodUs: 1000, fromUs: 500, lengthUs: 100 };
  const rows = [0, 499, 500, 550, 599, 600, 1499, 1500, 1599, 1600];
  expect(rows.map((atUs) => afterBlocking(blocking, atUs))).toEqual([
    0, 499, 600, 600, 600, 600, 1499, 1600, 1600, 1600,
  ]);
});

test('a percentile is the least value that so many don’t exceed', () => {
  const times = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(times, fc.constantFrom(1, 50, 90, 99, 99.9, 100), (values, percentile) => {
      const sorted = values.toSorted((a, b) => a - b);
      const value = percentileOf(sorted, percentile);
      const share = (holds: (each: number) => boolean): number => sorted.filter(holds).length / sorted.length;
      expect(share((each) => each <= value)).toBeGreaterThanOrEqual(percentile / 100 - 1e-9);
      expect(share((each) => each < value)).toBeLessThan(percentile / 100);
    }),
  );
});
