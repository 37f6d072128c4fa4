import { describe, expect, test } from '@jest/globals';
import { voidReasons } from '../../../lib/analysis/validity.ts';
import { outcomeOf, times, type Second } from './measured.ts';

const reasons = (second: Second, count = 1): string[] => voidReasons(outcomeOf({}, times(count, second)));

/** Each limit, just inside and just beyond; values below 16,384 µs stand in histogram cells of at most 8 µs. */
describe('a limit', () => {
  test.each([
    // Lateness: more than 10 ms and more than a fifth of the p99 that it stands in.
    [
      'start delay',
      'arrivals started',
      { ok: 10, responseUs: 1000, startDelayUs: 9980 },
      { ok: 10, responseUs: 1000, startDelayUs: 10_050 },
    ],
    [
      'start delay beside a slow reply',
      'arrivals started',
      { ok: 10, responseUs: 100_000, startDelayUs: 19_900 },
      { ok: 10, responseUs: 100_000, startDelayUs: 20_200 },
    ],
    ['event-loop delay', "the generator's event loop", { ok: 10, loopDelayUs: 9980 }, { ok: 10, loopDelayUs: 10_050 }],
    [
      'event-loop delay beside a slow reply',
      "the generator's event loop",
      { ok: 10, serviceUs: 100_000, loopDelayUs: 19_900 },
      { ok: 10, serviceUs: 100_000, loopDelayUs: 20_200 },
    ],
    // 1 % of what was due: 10 of 1,000.
    ['dropped arrivals', 'of the arrivals were dropped', { ok: 990, dropped: 10 }, { ok: 989, dropped: 11 }],
    ['generator CPU', 'of its core', { ok: 10, cpuRatio: 0.85 }, { ok: 10, cpuRatio: 0.851 }],
    [
      'garbage collection',
      'collecting garbage',
      { ok: 10, garbageUs: 149_900 }, // of a second of wall time
      { ok: 10, garbageUs: 150_300 },
    ],
    // 0.1 % of what was sent: 1 of 1,000.
    ['sockets', 'ran out of sockets', { ok: 999, failed: { sockets: 1 } }, { ok: 998, failed: { sockets: 2 } }],
  ] as const)('of %s', (_, words, inside, beyond) => {
    expect(reasons(inside)).toEqual([]);
    expect(reasons(beyond)).toEqual([expect.stringContaining(words)]);
  });

  test('of lateness is on the 99th percentile: one late arrival of 100 is no reason, two are', () => {
    const late = { ok: 1, startDelayUs: 50_000 };
    const punctual = { ok: 1, startDelayUs: 100 };
    const mixed = (count: number) =>
      voidReasons(outcomeOf({}, [...times(100 - count, punctual), ...times(count, late)]));
    expect(mixed(1)).toEqual([]);
    expect(mixed(2)).toHaveLength(1);
  });
});

test('a phase without an arrival has no reason to be void', () => {
  expect(reasons({})).toEqual([]);
});

test('a phase too short for the generator to have timed itself is not void for that', () => {
  const outcome = outcomeOf({}, [{ ok: 1, garbageUs: 7000 }]);
  Object.assign(outcome.timeline.total.generator, { cpuUs: 0, wallUs: 0 });
  expect(voidReasons(outcome)).toEqual([]);
});

test('a lost worker voids the phase, and the reason says why it was lost', () => {
  const [reason] = voidReasons(outcomeOf({}, [{ ok: 1 }], { lost: 'out of memory' }));
  expect(reason).toContain('out of memory');
});

test.each([
  ['due = started + dropped', { arrivals: { due: 1 } }],
  ['started = completed + abandoned + cut', { arrivals: { due: 1, started: 1 } }],
] as const)('a ledger of arrivals that does not close voids the phase: %s', (law, { arrivals }) => {
  const outcome = outcomeOf({}, [{}]);
  Object.assign(outcome.timeline.at(0).arrivals, arrivals);
  expect(voidReasons(outcome)).toEqual([expect.stringContaining(law)]);
});

test.each([
  ['sent = ok + failed + timedOut + cut', { sent: 2, ok: 1 }],
  ['failed = sum of failures', { sent: 1, failed: 1 }],
])('a ledger of requests that does not close voids the phase: %s', (law, ledger) => {
  const outcome = outcomeOf({}, [{}]);
  Object.assign(outcome.timeline.at(0).steps.get(0)?.ledger ?? {}, ledger);
  expect(voidReasons(outcome)).toEqual([expect.stringContaining(law)]);
});

test('a start delay is held against the response time it stands in, not the service time', () => {
  const slowByItself: Second = { ok: 10, responseUs: 100_000, serviceUs: 1000, startDelayUs: 19_900 };
  expect(reasons(slowByItself)).toEqual([]);
});

test('every reason is told, not only the first', () => {
  expect(reasons({ ok: 900, dropped: 100, cpuRatio: 1, startDelayUs: 50_000 })).toHaveLength(3);
});
