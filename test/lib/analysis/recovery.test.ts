import { describe, expect, test } from '@jest/globals';
import type { PhaseOutcome } from '../../../lib/analysis/outcome.ts';
import { recovery, recoverySeconds } from '../../../lib/analysis/watching/recovery.ts';
import { outcomeOf, times, type Second } from './measured.ts';

/** p95 100 ms before, so up to 150 ms is as before. */
const well: Second = { ok: 10, responseUs: 100_000 };
const slow: Second = { ok: 10, responseUs: 160_000 };
const failing: Second = { ok: 98, failed: { 'status.503': 2 }, responseUs: 100_000 };
const idle: Second = {};
const late: Second = { ok: 10, responseUs: 100_000, startDelayUs: 90_000 };

const calm = outcomeOf({ kind: 'sustained' }, times(10, well));
const stress = outcomeOf({ kind: 'stress' }, times(10, slow), { startedAtMs: 10_000 });
/** The stress phase's load ends at 20 s. */
const recoveryOf = (seconds: readonly Second[], startedAtMs = 20_000): PhaseOutcome =>
  outcomeOf({ kind: 'recovery' }, seconds, { startedAtMs });

describe('after stress', () => {
  test.each<readonly [string, readonly Second[], number | null]>([
    ['at once', times(5, well), 0],
    ['late', [slow, slow, well, well, well], 2],
    ['at the very end', [...times(7, slow), ...times(3, well)], 7],
    ['two good seconds are not enough', [slow, well, well, slow, slow], null],
    ['only after a relapse', [well, well, slow, well, well, well], 3],
    ['not while it fails again before the end', [slow, ...times(4, well), slow, well, well], null],
    ['for thirty points, whatever comes later', [slow, ...times(30, well), slow], 1],
    ['never: too slow', times(5, slow), null],
    ['never: too many errors', times(5, failing), null],
    ['never: nothing answered at all', times(5, idle), null],
    ['with seconds between in which nothing ended', [slow, well, idle, well, idle, well], 1],
  ])('%s', (_, seconds, expected) => {
    expect(recoverySeconds([calm, stress, recoveryOf(seconds)])).toBe(expected);
  });

  test('the time in which the stress drained counts', () => {
    // 4.5 s between the end of the stress load and the recovery phase, 2 s in it.
    expect(recoverySeconds([calm, stress, recoveryOf([slow, slow, well, well, well], 24_500)])).toBe(6.5);
  });

  test('a stress phase that was stopped ends where it was stopped', () => {
    const cutShort = outcomeOf({ kind: 'stress' }, times(10, slow), { startedAtMs: 10_000, ranSeconds: 4 });
    expect(recoverySeconds([calm, cutShort, recoveryOf(times(3, well), 15_000)])).toBe(1); // 15 − (10 + 4)
  });
});

describe('as before', () => {
  test.each([
    ['half as much again', 100_000, 149_000, 0],
    ['more than that', 100_000, 152_000, null],
    ['20 ms more where that is little', 4000, 23_500, 0],
    ['more than that', 4000, 24_500, null],
  ])('%s', (_, beforeUs, nowUs, expected) => {
    const before = outcomeOf({ kind: 'sustained' }, times(5, { ok: 10, responseUs: beforeUs }));
    expect(recoverySeconds([before, stress, recoveryOf(times(5, { ok: 10, responseUs: nowUs }))])).toBe(expected);
  });

  test('an error ratio of 1 % is acceptable (R16)', () => {
    const seconds = times(3, { ok: 99, timedOut: 1, responseUs: 100_000 });
    expect(recoverySeconds([calm, stress, recoveryOf(seconds)])).toBe(0);
  });

  test('the last calm phase before it is compared with, not the first', () => {
    const slower = outcomeOf({ kind: 'sustained' }, times(5, slow));
    expect(recoverySeconds([calm, slower, stress, recoveryOf(times(3, slow))])).toBe(0);
  });
});

describe('the verdict', () => {
  const objectives = ['p95 < 200ms', 'errors < 1%'];
  const verdictOf = (seconds: readonly Second[], own: readonly string[] = objectives) =>
    recovery({
      outcomes: [calm, stress, outcomeOf({ kind: 'recovery', objectives: own }, seconds, { startedAtMs: 20_000 })],
    });
  /** Within the objectives, and not as before: p95 160 ms, above 150. */
  const fair = slow;
  const bad: Second = { ok: 10, responseUs: 300_000 };

  test.each<readonly [string, readonly Second[], ReturnType<typeof verdictOf>]>([
    ['as before at once', times(5, well), { seconds: 0, withinObjectivesSeconds: 0, verdict: 'pass' }],
    [
      'within objectives first, then as before',
      [bad, fair, fair, well, well, well],
      { seconds: 3, withinObjectivesSeconds: 1, verdict: 'pass' },
    ],
    [
      'within objectives alone',
      [bad, ...times(4, fair)],
      { seconds: null, withinObjectivesSeconds: 1, verdict: 'pass' },
    ],
    ['neither', times(5, bad), { seconds: null, withinObjectivesSeconds: null, verdict: 'fail' }],
  ])('%s', (_, seconds, expected) => {
    expect(verdictOf(seconds)).toEqual(expected);
  });

  test('one slow request of a few in its last second does not fail a phase that is within its objectives', () => {
    const hiccup: Second = { ok: 1, responseUs: 300_000 };
    const seconds = [...times(8, well), hiccup];
    expect(verdictOf(seconds)).toEqual({ seconds: null, withinObjectivesSeconds: 0, verdict: 'pass' });
    expect(verdictOf([...times(8, well), bad])?.verdict).toBe('fail');
  });

  test('without objectives rests on what was before alone', () => {
    expect(verdictOf(times(5, fair), [])).toEqual({ seconds: null, verdict: 'fail' });
    expect(verdictOf(times(5, fair), ['throughput > 1/s'])).toEqual({ seconds: null, verdict: 'fail' });
  });

  test('three good seconds at the end of a long phase of ups and downs are no recovery', () => {
    const ups = Array.from({ length: 60 }, (__, at) => (at % 6 < 3 ? bad : well));
    // A tenth of 60 is six, and three are well; of 65 it is seven, and eight are.
    expect(verdictOf(ups)?.verdict).toBe('fail');
    expect(verdictOf([...ups, ...times(5, well)])?.seconds).toBe(57);
  });
});

describe('there is nothing to tell', () => {
  const came = recoveryOf(times(5, well));
  test.each<readonly [string, readonly PhaseOutcome[]]>([
    ['without phases', []],
    ['without recovery', [calm, stress]],
    ['without stress', [calm, came]],
    ['without a calm phase', [stress, came]],
    ['when the stress came afterwards', [calm, came, stress]],
    ['when the calm phase measured nothing', [outcomeOf({ kind: 'sustained' }, [idle]), stress, came]],
    ['when the calm phase is void', [outcomeOf({ kind: 'sustained' }, times(5, late)), stress, came]],
    ['when the recovery is shorter than three points', [calm, stress, recoveryOf(times(2, slow))]],
    ['when the recovery is void', [calm, stress, recoveryOf(times(5, late))]],
  ])('%s', (_, outcomes) => {
    expect(recoverySeconds(outcomes)).toBeUndefined();
  });
});
