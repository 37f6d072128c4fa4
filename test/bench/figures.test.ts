import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { disagreements, halfOfSlowest } from './cases.ts';
import { median, rowOf } from './figures.ts';
import { peers } from './peers/index.ts';
import type { Run } from './runner.ts';

const runOf = (served: number, cpuSeconds: number, changes: Partial<Run> = {}): Run => ({
  seconds: 5,
  cpuSeconds,
  peakRssBytes: 1e6,
  served,
  servedBySteps: { get: served },
  reported: { requests: served, failed: 0, p50Us: 1000, p99Us: undefined, p999Us: undefined },
  ...changes,
});
const entry = (name: string, servedPerSecond: number) => ({
  peer: name,
  version: '',
  row: { ...rowOf([runOf(1, 1)], undefined), servedPerSecond },
});

test('the median has as many values above as below', () => {
  expect(median([])).toBeNaN();
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values);
      const above = values.filter((value) => value > middle).length;
      const below = values.filter((value) => value < middle).length;
      expect(Math.max(above, below)).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});

test('a long and a short run tell starting up from sending: cost a + b·n gives a and b back', () => {
  const counts = fc.tuple(fc.integer({ min: 100, max: 1e4 }), fc.integer({ min: 2e4, max: 1e6 }));
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.double({ min: 1, max: 900, noNaN: true }),
      counts,
      (a, bUs, [few, many]) => {
        const cost = (n: number): number => a + (bUs * n) / 1e6;
        const row = rowOf([runOf(many, cost(many))], runOf(few, cost(few)));
        expect(row.startUpCpuSeconds).toBeCloseTo(a, 6);
        expect(row.marginalUsPerRequest).toBeCloseTo(bUs, 6);
      },
    ),
  );
});

test('a row holds medians, and knows what a tool does not say', () => {
  const row = rowOf([runOf(100_000, 1), runOf(100_000, 3), runOf(100_000, 2)], undefined);
  // 2 s by 100,000 requests are 20 µs; the costliest took 30 and the cheapest 10.
  expect(row).toMatchObject({
    cpuUsPerRequest: 20,
    spreadUs: 20,
    requestsPerCoreSecond: 50_000,
    servedPerSecond: 20_000,
  });
  expect(row).toMatchObject({ marginalUsPerRequest: Number.NaN, p50Us: 1000, p99Us: undefined });
});

describe('the server’s account', () => {
  const peer = peers[1] ?? peers[0];
  const plan = { work: 'get' as const, users: 50, perSecond: 1, seconds: 5, shortSeconds: 0, rounds: 1 };
  const journeys = { get: 0, login: 1000, list: 1000, job: 990, bid: 985, me: 970 };
  test.each([
    ['agrees', runOf(1000, 1), 'get', 0],
    ['lacks what was under way', { ...runOf(1000, 1), served: 1050, servedBySteps: { get: 1050 } }, 'get', 0],
    ['counts others', { ...runOf(1000, 1), served: 1051, servedBySteps: { get: 1051 } }, 'get', 1],
    ['saw other paths', runOf(1000, 1, { servedBySteps: { get: 900, login: 100 } }), 'get', 1],
    ['saw nothing', runOf(0, 1), 'get', 1],
    ['saw whole journeys', runOf(4945, 1, { servedBySteps: journeys }), 'scenario', 0],
    ['saw journeys without bids', runOf(3960, 1, { servedBySteps: { ...journeys, bid: 0 } }), 'scenario', 1],
  ] as const)('%s', (_, run, work, remarks) => {
    if (peer === undefined) throw new TypeError('no peers');
    expect(disagreements({ peer }, run, { ...plan, work })).toHaveLength(remarks);
  });

  test('half of the slowest that has a rate of its own', () => {
    const found = peers.map((each) => ({ peer: each, path: '', version: '' }));
    const entries = [entry('Plimsoll', 70_000), entry('wrk', 500), entry('Artillery', 1530)];
    // wrk has no rate; half of 1,530 is 765, and whole tens are 760.
    expect(halfOfSlowest({ plan, loadAverage: 0, entries, remarks: [] }, found)).toBe(760);
  });
});
