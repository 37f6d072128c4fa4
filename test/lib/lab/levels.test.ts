import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  chiSquare,
  describeLevels,
  type Endpoint,
  judgeLevels,
  type LevelFigures,
  type LevelMeasured,
  levelPlan,
  levels,
} from '../../../lib/lab/levels.ts';
import { planFromObject } from '../../../lib/plan/parse.ts';

const figures = (perSecond: number, more: Partial<LevelFigures> = {}): LevelFigures => ({
  perSecond,
  p50Us: 1,
  p95Us: 1,
  p99Us: 1,
  failed: 0,
  errorRatio: 0,
  ...more,
});
const measured = (
  level: number,
  endpoints: LevelMeasured['figures'],
  more: Partial<LevelMeasured> = {},
): LevelMeasured => {
  const found = levels.find((each) => each.level === level);
  if (found === undefined) throw new Error(`no level ${level}`);
  return { level: found, figures: endpoints, ...more };
};
const verdictOf = (all: readonly LevelMeasured[], check: string, cores = 64): string | undefined =>
  judgeLevels(all, cores).findLast((each) => each.check.includes(check))?.verdict;

test.each(['simple', 'database', 'tasks'] as const)('the plan of %s is a plan', async (endpoint: Endpoint) => {
  const sources = { readBytes: () => Promise.reject(new Error('no file')), signalIds: [], env: {} };
  expect((await planFromObject(levelPlan(endpoint, 'http://127.0.0.1:1'), sources)).phases).toHaveLength(2);
});

describe('four workers', () => {
  test.each([
    [400, 'pass'], // 4 / 4 = 100 %
    [300, 'pass'], // 75 %
    [200, 'warn'], // twice as much: sub-linear
    [150, 'fail'], // 37.5 %
  ])('with %d/s where one did 100 are %s', (perSecond, verdict) => {
    const all = [measured(0, { simple: figures(100) }), measured(1, { simple: figures(perSecond) })];
    expect(verdictOf(all, '4 times')).toBe(verdict);
    // Four workers, generator and database want six.
    expect([verdictOf(all, '4 times', 6), verdictOf(all, '4 times', 5)]).toEqual([verdict, 'unknown']);
  });

  test('have no factor where one was not measured', () => {
    expect(verdictOf([measured(1, { simple: figures(100) })], '4 times')).toBeUndefined();
  });
});

test('two nodes are compared with one, not with one process', () => {
  const all = [0, 2, 4].map((level, i) => measured(level, { simple: figures([50, 200, 390][i] ?? 0) }));
  expect(verdictOf(all, '2 times')).toBe('pass'); // 390 / 200 / 2 = 97.5 %
});

test.each([
  [0, 'pass'],
  [1, 'fail'],
])('%d failed requests during the reload are %s', (failed, verdict) => {
  expect(verdictOf([measured(2, { simple: figures(1, { failed }) })], 'reload')).toBe(verdict);
});

test.each([
  ['p95', { p95Us: 199_999 }, 'pass'],
  ['p95', { p95Us: 200_000 }, 'warn'],
  ['p95', { p95Us: 400_000 }, 'fail'],
  ['errors', { errorRatio: 0.0005 }, 'pass'],
  ['errors', { errorRatio: 0.0015 }, 'warn'],
  ['errors', { errorRatio: 0.01 }, 'fail'],
])('%s of %j is %s', (check, more, verdict) => {
  expect(verdictOf([measured(0, { simple: figures(1, more) })], check)).toBe(verdict);
});

test.each([
  [1_000, 1_000, 'pass', 'pass'],
  [999, 1_000, 'warn', 'warn'], // 1.001 s of tasks
  [499, 5_000, 'fail', 'fail'], // 10.02 s
])('%d tasks a second, of which %d wait, are %s and %s', (perSecond, queueDepth, rate, depth) => {
  const all = [measured(3, { tasks: figures(perSecond) }, { queueDepth })];
  expect([verdictOf(all, 'enqueued'), verdictOf(all, 'queue is shorter')]).toEqual([rate, depth]);
});

test.each([
  [950, 'pass'], // of 1,000 enqueued a second
  [949, 'warn'],
  [900, 'warn'],
  [899, 'fail'],
])('%d tasks a second processed of a thousand are %s', (processedPerSecond, verdict) => {
  const all = [measured(3, { tasks: figures(1_000) }, { queueDepth: 0, processedPerSecond })];
  expect(verdictOf(all, 'processed')).toBe(verdict);
  expect(verdictOf([measured(3, { tasks: figures(1_000) }, { queueDepth: 0 })], 'processed')).toBeUndefined();
});

test.each([
  [{ a: 500, b: 500 }, 'pass'], // 0
  [{ a: 540, b: 460 }, 'pass'], // 2 × 40² / 500 = 6.4 < 6.635
  [{ a: 541, b: 459 }, 'warn'], // 6.724
  [{ a: 800, b: 200 }, 'fail'],
  [{ a: 1_000 }, 'fail'],
])('calls that fall as %j are %s', (byNode, verdict) => {
  const all = [measured(4, {}, { byNode })];
  expect(verdictOf(all, 'alike')).toBe(verdict);
  expect(describeLevels(all, judgeLevels(all, 64))).toContain(verdict);
});

test('law: the statistic is none where all counts are equal, and does not ask for their order', () => {
  const counts = fc
    .array(fc.integer({ min: 0, max: 1_000 }), { minLength: 2, maxLength: 8 })
    .filter((all) => all.some(Boolean));
  fc.assert(
    fc.property(counts, (all) => {
      expect(chiSquare(all)).toBeCloseTo(chiSquare(all.toReversed()), 9);
      expect(chiSquare(all.map(() => 7))).toBe(0);
    }),
  );
});
