import { describe, expect, test } from '@jest/globals';
import { isVoidedByCollapse, voidReasons } from '../../../lib/analysis/validity.ts';
import { intervalOf, measuredIn, outcomeOf, times, type Second } from './measured.ts';

const reasons = (second: Second, count = 1): readonly string[] => voidReasons(outcomeOf({}, times(count, second)));

/** Each limit, just inside and just beyond; values below 16,384 µs stand in histogram cells of at most 8 µs. */
describe('a limit', () => {
  test.each([
    // Half of the arrivals: more than 10 ms, and more than a fifth of the median that it stands in.
    ['start delay', 'arrivals started', { ok: 10, startDelayUs: 9980 }, { ok: 10, startDelayUs: 10_050 }],
    [
      'start delay beside a slow reply',
      'arrivals started',
      { ok: 10, responseUs: 100_000, startDelayUs: 19_900 },
      { ok: 10, responseUs: 100_000, startDelayUs: 20_200 },
    ],
    [
      'event-loop delay',
      "the generator's event loop",
      { ok: 10, serviceUs: 11_000, loopDelayUs: 9980 },
      { ok: 10, serviceUs: 11_000, loopDelayUs: 10_050 },
    ],
    [
      'event-loop delay beside a slow reply',
      "the generator's event loop",
      { ok: 10, responseUs: 200_000, serviceUs: 100_000, loopDelayUs: 19_900 },
      { ok: 10, responseUs: 200_000, serviceUs: 100_000, loopDelayUs: 20_200 },
    ],
    // 1 % of what was due: 10 of 1,000.
    ['dropped arrivals', 'of the arrivals were dropped', { ok: 990, dropped: 10 }, { ok: 989, dropped: 11 }],
    // Any at all: users whom the plan asks for were not there.
    ['rows of a feeder', 'had none left for 1 of 991 arrivals', { ok: 990 }, { ok: 990, withoutRow: 1 }],
    ['generator CPU', 'of a core', { ok: 10, cpuRatio: 0.85 }, { ok: 10, cpuRatio: 0.851 }],
    [
      'garbage collection',
      'collecting garbage',
      { ok: 10, garbageUs: 149_900 }, // of a second of wall time
      { ok: 10, garbageUs: 150_300 },
    ],
    // 0.1 % of what was sent: 1 of 1,000.
    [
      'hooks',
      'hooks of the plan failed, and ended 2 journeys',
      { ok: 999, failed: { hook: 1 } },
      { ok: 998, failed: { hook: 2 } },
    ],
    ['sockets', 'ran out of sockets', { ok: 999, failed: { sockets: 1 } }, { ok: 998, failed: { sockets: 2 } }],
  ] as const)('of %s', (_, words, inside, beyond) => {
    expect(reasons(inside)).toEqual([]);
    expect(reasons(beyond)).toEqual([expect.stringContaining(words)]);
  });
});

describe('a collapse of the generator in part of a phase', () => {
  const calm: Second = { ok: 10, cpuRatio: 0.2 };
  const busy: Second = { ok: 10, cpuRatio: 0.97 };
  const untold: Second = { ok: 10, cpuRatio: 0 };
  const reasonsOf = (seconds: readonly Second[]): readonly string[] => voidReasons(outcomeOf({}, seconds));

  test.each<readonly [string, readonly Second[]]>([
    ['three busy seconds of a minute', [...times(30, calm), ...times(3, busy), ...times(27, calm)]],
    ['the last three', [...times(57, calm), ...times(3, busy)]],
    ['with a second between of which nothing was told', [...times(20, calm), busy, untold, busy, busy]],
  ])('is seen: %s', (_, seconds) => {
    expect(reasonsOf(seconds)).toEqual([expect.stringContaining('the generator used 97 % of a core')]);
  });

  test.each<readonly [string, readonly Second[]]>([
    ['two busy seconds on end', [...times(30, calm), ...times(2, busy), ...times(28, calm)]],
    ['two and two', [...times(9, calm), busy, busy, calm, busy, busy, ...times(9, calm)]],
  ])('is none: %s', (_, seconds) => {
    expect(reasonsOf(seconds)).toEqual([]);
  });

  test('of one thread of several is seen, although the others rest', () => {
    const both = [0, 1, 2].flatMap((second) => [busy, calm].map((each) => [second, intervalOf(each)] as const));
    const outcome = measuredIn({ seconds: 3 }, both);
    expect(voidReasons(outcome)).toEqual([expect.stringContaining('97 % of a core')]);
  });

  test('behind the end of a phase is none of it', () => {
    expect(voidReasons(outcomeOf({ seconds: 5 }, [...times(5, calm), ...times(9, untold), busy, busy, busy]))).toEqual(
      [],
    );
  });
});

describe('a target that has collapsed does not void its phase', () => {
  const late = { startDelayUs: 90_000, loopDelayUs: 50_000, cpuRatio: 0.99 };
  const refused: Second = { ok: 4, failed: { refused: 6 }, ...late };

  test.each<readonly [string, Second, boolean]>([
    ['refuses most, and the generator is at its limit', refused, true],
    ['refuses half', { ok: 5, failed: { refused: 5 }, ...late }, false],
    ['hangs, and its arrivals are dropped', { ok: 4, timedOut: 6, dropped: 10, responseUs: 9e6 }, true],
    ['hangs, and all sockets are taken', { timedOut: 60, failed: { sockets: 900 }, responseUs: 9e6 }, true],
    ['may only seem to hang, since the generator was late', { ok: 4, timedOut: 6, ...late }, false],
    ['answers, and only the sockets are gone', { ok: 60, failed: { sockets: 900 } }, false],
  ])('%s', (_, second, isForgiven) => {
    const outcome = outcomeOf({}, [second]);
    expect(voidReasons(outcome).length === 0).toBe(isForgiven);
    expect(isVoidedByCollapse(outcome)).toBe(isForgiven);
  });

  test('but for a lost worker, or a ledger that does not close', () => {
    const lost = outcomeOf({}, [refused], { lost: 'out of memory' });
    expect(voidReasons(lost)).toEqual([expect.stringContaining('out of memory')]);
    expect(isVoidedByCollapse(lost)).toBe(false);
  });

  test('and where nothing would void it there is nothing to forgive', () => {
    expect(isVoidedByCollapse(outcomeOf({}, [{ failed: { refused: 6 } }]))).toBe(false);
    expect(isVoidedByCollapse(outcomeOf({}, [{}]))).toBe(false);
  });
});

test('a phase without an arrival has no reason to be void', () => {
  expect(reasons({})).toEqual([]);
});

test('a phase too short for the generator to have timed itself is not void for that', () => {
  const outcome = outcomeOf({}, [{ ok: 1, garbageUs: 7000 }]);
  Object.assign(outcome.measurement.total.generator, { cpuUs: 0, wallUs: 0 });
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
  Object.assign(outcome.measurement.total.arrivals, arrivals);
  expect(voidReasons(outcome)).toEqual([expect.stringContaining(law)]);
});

test.each([
  ['sent = ok + failed + timedOut + cut', { sent: 2, ok: 1 }],
  ['failed = sum of failures', { sent: 1, failed: 1 }],
])('a ledger of requests that does not close voids the phase: %s', (law, ledger) => {
  const outcome = outcomeOf({}, [{}]);
  Object.assign(outcome.measurement.total.steps.get(0)?.ledger ?? {}, ledger);
  expect(voidReasons(outcome)).toEqual([expect.stringContaining(law)]);
});

test('every reason is told, not only the first', () => {
  expect(reasons({ ok: 900, dropped: 100, cpuRatio: 1, startDelayUs: 50_000 })).toHaveLength(3);
});
