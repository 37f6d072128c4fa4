import { describe, expect, test } from '@jest/globals';
import { sustainedPerSecond } from '../../../../lib/analysis/capacity/bursts.ts';
import { likelihoodOf } from '../../../../lib/analysis/capacity/likelihood.ts';
import { posteriorOf, quantile } from '../../../../lib/analysis/capacity/posterior.ts';
import { noiseOf, type Probe } from '../../../../lib/analysis/capacity/probe.ts';
import { expectedSteepness, type Evidence } from '../../../../lib/analysis/capacity/steepness.ts';
import { times } from '../measured.ts';

/** A probe of 200 arrivals a second, of which so many ended well in each second. */
const probe = (carried: readonly number[], more: Partial<Probe> = {}): Probe => ({
  purpose: 'close',
  perSecond: 200,
  durationSeconds: carried.length,
  seconds: carried.map((ok) => ({ started: 200, ended: ok, ok })),
  users: 1,
  meanUs: 5000,
  medianUs: 5000,
  objectives: [],
  ...more,
});

describe('noise is what carried requests vary by in an overload', () => {
  test.each([
    // (92 − 108)² / 2 / 100 = 1.28 for each of nine pairs, with the one of 1 that is expected: 1.252, and the arrivals' 1.
    ['like random service', [92, 108, 92, 108, 92, 108, 92, 108, 92, 108], 2.252, false, 0],
    // (90 − 110)² / 2 / 100 = 2 for each of nine pairs: 1.9 by few seconds may be far more.
    [
      'more than random service',
      [90, 110, 90, 110, 90, 110, 90, 110, 90, 110],
      2.9,
      false,
      (1.9 / 2.9) * Math.sqrt(2 / 10),
    ],
    // (70 − 130)² / 2 / 100 = 18 for every pair: no outlier, and what was expected has no say: √(2 / 9) of nine pairs.
    ['requests of very different length', [70, 130, 70, 130, 70, 130, 70, 130, 70, 130], 19, false, Math.sqrt(2 / 9)],
    // Two of nine pairs stand out; the others vary by nothing.
    ['a standstill', [100, 100, 100, 100, 0, 100, 100, 100, 100, 100], 5, true, (4 / 5) * Math.sqrt(2 / 10)],
  ])('%s', (_, carried, noise, stalls, error) => {
    const found = noiseOf('poisson', [probe(carried)]);
    expect(found.noise).toBeCloseTo(noise, 5);
    expect(found.stalls).toBe(stalls);
    expect(found.noiseError).toBeCloseTo(error, 5);
  });
});

describe('the steepness that is expected', () => {
  const limitUs = 100_000;
  const unloaded = (quantileUs: number): Probe =>
    probe(times(3, 60), {
      perSecond: 60,
      meanUs: 2000,
      objectives: [{ verdict: 'pass', seconds: times(3, { count: 60, bad: 0 }), quantileUs }],
    });
  const passed = probe(times(3, 200), {
    objectives: [{ verdict: 'pass', seconds: times(3, { count: 200, bad: 0 }) }],
  });
  const evidence = (quantileUs: number, stalls = false): Evidence => ({
    noise: 2,
    ofArrivals: 1,
    noiseError: 0,
    stalls,
    objectives: [{ text: 'p99 < 100ms', allowedRatio: 0.01, limitUs }],
    probes: [unloaded(quantileUs), passed],
  });
  /** Where it is likeliest, and what a factor of four costs it, for 300/s with 80 ms of room. */
  const found = (given: Evidence) => {
    const of = expectedSteepness(given, 0, { roomSeconds: 0.08, steepest: 1000 });
    const all = Array.from({ length: 200 }, (_, i) => 1.05 ** i);
    const top = all.reduce((best, each) => (of(300, each) > of(300, best) ? each : best));
    return { top, cost: of(300, top) - of(300, 4 * top) };
  };

  test('is that of the noise, where unloaded times are exponential: 2 · 300 · 0.08 / 2', () => {
    const { top, cost } = found(evidence(2000 * Math.log(100)));
    expect(top / 24).toBeCloseTo(1, 1);
    expect(cost).toBeCloseTo((Math.log(4) / Math.log(1.5)) ** 2 / 2, 0);
  });

  test('lies between the two, and is less sure, where their tail is four times as long: noise 1 + 16 against 2', () => {
    const { top, cost } = found(evidence(4 * 2000 * Math.log(100)));
    expect(top / (48 / Math.sqrt(2 * 17))).toBeCloseTo(1, 1);
    expect(cost).toBeLessThan(1);
  });

  test('is that of the noise alone where the service stands still, since unloaded requests do so too', () => {
    expect(found(evidence(4 * 2000 * Math.log(100), true))).toEqual(found(evidence(2000 * Math.log(100), true)));
  });
});

describe('noise that few seconds have shown', () => {
  const limitUs = 200_000;
  /** The interval of a service that has failed gently: 2 % of 15 s at 300/s, and 0.5 % at 280/s. */
  const width = (noiseError: number): number => {
    const seen = (perSecond: number, bad: number): Probe =>
      probe(times(15, perSecond), {
        perSecond,
        seconds: times(15, { started: perSecond, ended: perSecond, ok: perSecond }),
        objectives: [{ verdict: 'fail', seconds: times(15, { count: perSecond, bad }), quantileUs: limitUs }],
      });
    const posterior = posteriorOf(
      {
        noise: 2,
        ofArrivals: 1,
        noiseError,
        stalls: false,
        objectives: [{ text: 'p99 < 200ms', allowedRatio: 0.01, limitUs }],
        probes: [probe(times(3, 10), { perSecond: 10, meanUs: 2000 }), seen(300, 6), seen(280, 1.4)],
      },
      50,
      1000,
    );
    return quantile(posterior, 0.975) / quantile(posterior, 0.025) - 1;
  };

  test('leaves more of a steepness open, and a gentler slope comes in longer clumps: the interval is wider', () => {
    expect(width(0.8)).toBeGreaterThan(1.15 * width(0));
  });
});

describe('failures that come without load', () => {
  const objective = { text: 'errors < 1%', allowedRatio: 0.01 };
  /** 15 s at 200/s, of which one in 200 fails, as likely as a capacity of three times that makes them. */
  const likely = (unloadedRatio: number): number =>
    likelihoodOf(
      probe(times(15, 199), { objectives: [{ verdict: 'pass', seconds: times(15, { count: 200, bad: 1 }) }] }),
      0,
      {
        objective,
        noise: 2,
        noiseError: 0,
        clumping: 1,
        roomSeconds: 0,
        waitingRatio: 1,
        unloadedRatio,
      },
    )(600, 20);

  test('say nothing of a load', () => {
    expect(likely(0.005)).toBeCloseTo(0, 5);
    expect(likely(0)).toBeCloseTo(Math.log(0.01), 5);
  });
});

describe('what a service carries for long', () => {
  const errors = [{ text: 'errors < 1%', allowedRatio: 0.01 }];
  const overload = (bad: readonly number[], meanUs = 5000) => ({
    ...probe(
      bad.map((each) => 200 - each),
      { meanUs, objectives: [{ verdict: 'fail', seconds: bad.map((each) => ({ count: 200, bad: each })) }] },
    ),
    flow: { throughputPerSecond: 0, growthPerSecond: 0, growthError: 1, collapsed: true },
    bad: true,
  });
  const passing = { ...overload(times(12, 0)), bad: false };
  test.each([
    ['a bucket that empties after eight seconds: 150/s', overload([...times(8, 0), ...times(4, 50)]), 150],
    ['one that turns away from the first second on', overload(times(12, 50)), undefined],
    ['clumps of chance', overload([...times(8, 0), 4, 0, 6, 4]), undefined],
    ['a queue whose requests time out late', overload([...times(8, 0), ...times(4, 50)], 4e6), undefined],
    ['a probe too short to tell', overload([0, 0, 0, 0, 50, 50]), undefined],
  ])('%s', (_, failing, expected) => {
    expect(sustainedPerSecond([passing, failing], errors)).toBe(expected);
  });
});
