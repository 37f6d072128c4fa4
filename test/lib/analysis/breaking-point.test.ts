import { describe, expect, test } from '@jest/globals';
import { findBreak } from '../../../lib/analysis/breaking-point.ts';
import { intervalOf, measuredIn, outcomeOf, times, type PhaseShape, type Second } from './measured.ts';

const P99 = 'p99 < 500ms, fail > 600ms';
const fast: Second = { ok: 20, responseUs: 10_000, users: 2 };
const slow: Second = { ok: 30, responseUs: 700_000, users: 7 };
const grey: Second = { ok: 30, responseUs: 550_000, users: 7 };
const idle: Second = {};

const breakAt = (seconds: readonly Second[], shape: PhaseShape = {}): number | undefined =>
  findBreak(outcomeOf({ objectives: [P99], ...shape }, seconds))?.atSeconds;

describe('three slow seconds on end are a break', () => {
  test.each<readonly [string, readonly Second[], number | undefined]>([
    ['one is not', [fast, slow, fast, fast, fast], undefined],
    ['two are not', [fast, slow, slow, fast, fast], undefined],
    ['two and two are not', [slow, slow, fast, slow, slow], undefined],
    ['three are, from the first of them on', [fast, fast, slow, slow, slow, fast], 2],
    ['the first three of several', [slow, slow, slow, fast, slow, slow, slow], 0],
    ['at the very end', [fast, fast, slow, slow, slow], 2],
    ['in the grey band between target and fail', [fast, grey, slow, grey], 1],
    ['with seconds between in which nothing ended', [fast, slow, idle, slow, idle, slow, fast], 1],
    ['silence is none', [fast, idle, idle, idle, idle], undefined],
    ['nothing measured is none', [], undefined],
  ])('%s', (_, seconds, at) => {
    expect(breakAt(seconds)).toBe(at);
  });
});

describe('a phase that met its objective on time as a whole', () => {
  const usual = times(60, fast);
  const pause = times(4, { ...slow, ok: 20 });

  test.each<readonly [string, readonly Second[], number | undefined]>([
    ['was not broken by a pause that the same load followed', [...usual, ...pause, ...usual], undefined],
    ['nor by several', [...usual, ...pause, ...times(4, fast), ...pause, ...usual], undefined],
    ['but by one at its end', [...usual, ...pause], 60],
    ['and by one after which it held for less long', [...usual, ...pause, ...times(3, fast)], 60],
    ['and by one that less load followed', [...usual, ...pause, ...times(60, { ...fast, ok: 10 })], 60],
  ])('%s', (_, seconds, at) => {
    expect(breakAt(seconds, { objectives: ['p90 < 500ms'] })).toBe(at);
  });

  test('was broken by failures all the same', () => {
    const seconds = [
      ...times(60, { ...fast, ok: 200 }),
      ...times(3, { failed: { reset: 20 }, responseUs: 10_000 }),
      ...times(60, { ...fast, ok: 200 }),
    ];
    expect(breakAt(seconds, { objectives: ['errors < 1%'] })).toBe(60);
  });
});

test('an open model names the rate that was offered, a closed one the throughput', () => {
  // 40 are due in the second, 30 of them answered well, 10 not.
  const second: Second = { ok: 30, failed: { reset: 10 }, responseUs: 700_000, users: 7.4 };
  const seconds = [...times(3, fast), ...times(3, second)];
  expect(findBreak(outcomeOf({ objectives: [P99], model: 'open' }, seconds))).toEqual({
    users: 7,
    perSecond: 40,
    objective: P99,
    atSeconds: 3,
  });
  expect(findBreak(outcomeOf({ objectives: [P99], model: 'closed' }, seconds))).toMatchObject({ perSecond: 30 });
});

describe('what breaks held before, for three seconds on end', () => {
  const isAlready = (seconds: readonly Second[], before: readonly (readonly Second[])[] = []): boolean | undefined => {
    const earlier = before.map((each) => outcomeOf({ kind: 'warm-up' }, each));
    return findBreak(outcomeOf({ objectives: [P99] }, seconds), earlier)?.alreadyBroken ?? false;
  };
  const broken = times(3, slow);

  test.each<readonly [string, boolean, readonly Second[], readonly (readonly Second[])[]]>([
    ['in the same phase', false, [...times(3, fast), ...broken], []],
    ['with seconds between in which nothing ended', false, [fast, idle, fast, idle, fast, ...broken], []],
    ['two are not enough: it was broken already', true, [fast, fast, ...broken], []],
    ['two and two neither', true, [fast, fast, slow, fast, fast, ...broken], []],
    ['never, for it was over from the first second', true, broken, []],
    ['what comes after it is no matter', true, [...broken, ...times(9, fast)], []],
    ['in a phase before, which had no objectives of its own', false, broken, [times(3, fast)]],
    ['in one before that', false, broken, [times(3, fast), times(3, slow)]],
    ['but not so in any', true, broken, [[fast, fast, slow, fast, fast], times(5, idle)]],
  ])('%s: %s', (_, already, seconds, before) => {
    expect(isAlready(seconds, before)).toBe(already);
  });

  test('and it is the objective that broke, not another', () => {
    const failing: Second = { ok: 9, failed: { reset: 1 }, responseUs: 700_000 };
    const found = findBreak(outcomeOf({ objectives: [P99, 'errors < 1%'] }, [...times(3, slow), ...times(3, failing)]));
    expect(found).toMatchObject({ objective: P99, atSeconds: 0, alreadyBroken: true });
  });
});

test('of several objectives the first in time counts, not the first in the plan', () => {
  const failing: Second = { ok: 9, failed: { reset: 1 }, responseUs: 10_000 };
  const seconds = [fast, ...times(3, failing), ...times(3, slow)];
  const found = findBreak(outcomeOf({ objectives: [P99, 'errors < 1%'] }, seconds));
  expect(found).toMatchObject({ objective: 'errors < 1%', atSeconds: 1 });
});

test.each([
  ['errors < 1%', { ok: 9, failed: { reset: 1 } }],
  ['availability > 99%', { ok: 9, timedOut: 1 }],
  ['service p95 < 100ms', { ok: 9, responseUs: 1000, serviceUs: 200_000 }],
  ['mean < 100ms', { ok: 9, responseUs: 200_000 }],
  ['p97 < 100ms', { ok: 9, responseUs: 200_000 }], // judged by the next percentile that a point keeps, p99
  ['p99.95 < 100ms', { ok: 9, responseUs: 200_000 }], // by the largest
])('%s can be missed in a second', (line, second) => {
  expect(breakAt([fast, ...times(3, second)], { objectives: [line] })).toBe(1);
  expect(breakAt(times(4, fast), { objectives: [line] })).toBeUndefined();
});

test.each(['throughput > 1000/s', 'dropped < 0%', 'service.cpu p99 < 0%'])('%s can not', (line) => {
  expect(breakAt(times(4, slow), { objectives: [line] })).toBeUndefined();
});

test.each([
  ['p90 < 100ms', undefined], // 90 of 100 are fast
  ['p92 < 100ms', 0], // judged by p95, the next percentile that a point keeps
  ['p95 < 100ms', 0],
])('%s looks at its own part of a second', (line, at) => {
  const intervals = [0, 1, 2, 3].flatMap((second) => [
    [second, intervalOf({ ok: 90, responseUs: 10_000 })] as const,
    [second, intervalOf({ ok: 10, responseUs: 700_000 })] as const,
  ]);
  const outcome = measuredIn({ objectives: [line], seconds: 4 }, intervals);
  expect(findBreak(outcome)?.atSeconds).toBe(at);
});

test('what was still answered after the phase, or after it was stopped, shows no break of it', () => {
  expect(breakAt([fast, fast, slow, slow, slow], { seconds: 4 })).toBeUndefined();
  const stopped = outcomeOf({ objectives: [P99] }, [fast, fast, slow, slow, slow], { ranSeconds: 4 });
  expect(findBreak(stopped)).toBeUndefined();
});
