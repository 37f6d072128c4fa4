import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { families, familyReadings, type FamilyReading } from '../../../lib/outputs/families.ts';
import { allSteps } from '../../../lib/measure/interval.ts';
import { encodeInterval } from '../../../lib/measure/encode.ts';
import { LiveFigures } from '../../../lib/outputs/live-figures.ts';
import type { LiveSecond } from '../../../lib/outputs/output.ts';
import { phase, plan, secondOf, seen, START_MS, succeeded } from './seconds.ts';

const countsOf = (live: LiveSecond, counted: LiveSecond['interval'], family: string): [string, number][] =>
  familyReadings(live, counted)
    .filter(([{ name }]) => name === family)
    .map(([, { labels, value }]) => [
      Object.values(labels).join(' '),
      typeof value === 'number' ? value : value.totalCount,
    ]);

const requests = fc.array(fc.record({ step: fc.nat(3), us: fc.nat(5_000_000) }), { maxLength: 20 });
const workers = fc.array(fc.array(requests, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });

test('seconds of all workers add up to the phase, and the phase so far is their sum at every second', () => {
  fc.assert(
    fc.property(workers, (given) => {
      const seconds = given.map((own) =>
        own.map((list) => secondOf((into) => list.forEach(({ step, us }) => succeeded(step, [us])(into)))),
      );
      let sum = 0;
      const sofar = seen(seconds, ({ interval, soFar }) => {
        sum += allSteps(interval).ledger.ok;
        return [allSteps(soFar).ledger.ok === sum, allSteps(soFar).responseTime.totalCount === sum];
      });
      expect(sofar.flat().every(Boolean)).toBe(true);
      expect(sum).toBe(given.flat(2).length);
    }),
    { numRuns: 15 },
  );
});

test('a request that stands in its scenario twice is one series, and every step is there from the first second on', () => {
  const [first] = seen([[secondOf((into) => [0, 2, 3].forEach((step) => succeeded(step, [1000])(into)))]], (live) => ({
    requests: countsOf(live, live.soFar, 'requests'),
    response: countsOf(live, live.soFar, 'response'),
    at: live.atMs,
  }));
  expect(first).toEqual({
    requests: [
      ['peak\\ shop, b=1 GET / ok', 2],
      ['peak\\ shop, b=1 x.y|z:1 ok', 0],
      ['peak\\ other GET / ok', 1],
    ],
    response: [
      ['peak\\ shop, b=1 GET /', 2],
      ['peak\\ shop, b=1 x.y|z:1', 0],
      ['peak\\ other GET /', 1],
    ],
    at: START_MS + 1000,
  });
});

test('outcomes are those of the ledger, and their sum is what ended', () => {
  const interval = secondOf((into) => {
    succeeded(0, [1000, 2000])(into);
    const { ledger } = into.steps.get(0) ?? { ledger: undefined };
    Object.assign(ledger ?? {}, { sent: 7, failed: 3, failures: { 'status.503': 2, reset: 1 }, timedOut: 1, cut: 1 });
  });
  const [outcomes] = seen([[interval]], (live) => countsOf(live, live.interval, 'requests').slice(0, 5));
  expect(outcomes?.map(([name, count]) => [name.split(' ').at(-1), count])).toEqual([
    ['ok', 2],
    ['status.503', 2],
    ['reset', 1],
    ['timedOut', 1],
    ['cut', 1],
  ]);
});

/** Users are a mean over time: 3 users for 2.5 s make 3 in each second, in the half one at the phase's end too. */
test.each([
  [0, 3_000_000, 3],
  [1, 3_000_000, 3],
  [2, 1_500_000, 3],
  [3, 500_000, 0.5],
])('users in second %d: %d µs of users are %d', (second, userUs, users) => {
  const seconds = [0, 1, 2, 3].map((at) => secondOf((into) => (into.userUs = at === second ? userUs : 0)));
  const found = seen([seconds], (live) => countsOf(live, live.soFar, 'users')[0]?.[1]);
  expect(found[second]).toBeCloseTo(users, 9);
});

/**
 * Phases of 2.5 s, 2.6 s apart, each with what was answered after its end in a fourth interval that is handed on with the third: on
 * the clock it is 2,550 ms after the phase's start then.
 */
test('every second is later than the one before, across the end of a phase too', () => {
  const at: number[] = [];
  let nowMs = 0;
  const figures = new LiveFigures({
    id: 'run-1',
    plan,
    environment: 'laptop',
    workers: 1,
    signals: () => new Map(),
    nowMs: () => nowMs,
    onSecond: ({ atMs }) => at.push(atMs - START_MS),
  });
  for (const startAtMs of [START_MS, START_MS + 2600]) {
    figures.phaseStarted({ ...phase, startAtMs });
    for (const second of [0, 1, 2, 3]) {
      nowMs = startAtMs + Math.min((second + 1) * 1000, 2550);
      figures.add(
        encodeInterval(
          { phase: 1, worker: 0, second },
          secondOf(() => undefined),
        ),
      );
    }
    figures.phaseEnded();
  }
  expect(at).toEqual([1000, 2000, 2550, 2551, 3600, 4600, 5150, 5151]);
});

test('a closed phase has no start delay, and a generator that recorded nothing no CPU', () => {
  const [names] = seen([[secondOf(succeeded(0, [1]))]], (live) => [
    ...new Set(familyReadings(live, live.soFar).map(([{ name }]) => name)),
  ]);
  expect(families.map(({ name }) => name).filter((name) => !names?.includes(name))).toEqual([
    'start_delay',
    'generator_cpu',
  ]);
});

test('signals and the run are gauges with their labels', () => {
  const [gauges] = seen([[secondOf(succeeded(0, [1]))]], (live) =>
    familyReadings(live, live.interval)
      .filter(([{ name }]) => name === 'signal' || name === 'run_info')
      .map(([, reading]): FamilyReading => reading),
  );
  expect(gauges).toEqual([
    { labels: { signal: 'service.cpu' }, value: 0.5 },
    { labels: { run: 'run-1', plan: 'a "plan"', phase: 'peak\\' }, value: 1 },
  ]);
});
