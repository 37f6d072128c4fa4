import { describe, expect, test } from '@jest/globals';
import type { PhaseOutcome } from '../../../lib/analysis/outcome.ts';
import { buildReport, type RunRecord } from '../../../lib/report/build.ts';
import { judgePhase } from '../../../lib/analysis/phase.ts';
import { analyse } from '../../../lib/analysis/index.ts';
import { signals } from '../../../lib/signals/index.ts';
import type { SignalSeries } from '../../../lib/signals/signal.ts';
import { outcomeOf, times } from '../analysis/measured.ts';
import { planOf } from '../run/plan.ts';

const START = Date.UTC(2026, 10, 21);
const objectives = ['p99 < 500ms, warn > 500ms'];
const fast = { ok: 10, responseUs: 10_000 };
const slow = { ok: 10, responseUs: 700_000 };

/** 20 s of calm, then 30 s of stress that breaks 15 s in (35 s into the run), then 5 s of recovery. */
const outcomes: readonly PhaseOutcome[] = [
  outcomeOf({ kind: 'sustained', objectives }, times(20, fast), { startedAtMs: START }),
  outcomeOf({ kind: 'stress', objectives }, [...times(15, fast), ...times(15, slow)], { startedAtMs: START + 20_000 }),
  outcomeOf({ kind: 'recovery', objectives }, [slow, fast, fast, fast, fast], { startedAtMs: START + 52_000 }),
];

function recordOf(ran: readonly PhaseOutcome[], more: Partial<RunRecord> = {}): RunRecord {
  const plan = planOf(ran.map(({ phase }) => phase));
  const { interrupted = false, series = [] } = more;
  const phases = ran.map((outcome) => judgePhase(plan, outcome, { fromSeconds: 0, toSeconds: 60, signals: [] }));
  return {
    run: {
      id: 'r',
      startedAt: new Date(START).toISOString(),
      endedAt: new Date(START + 60_000).toISOString(),
      version: '0',
    },
    plan,
    planSha256: 'ab',
    target: 'http://127.0.0.1:1/',
    startedAtMs: START,
    outcomes: ran,
    findings: analyse({ plan, startedAtMs: START, outcomes: ran, phases, interrupted, signals, series }),
    interrupted,
    series,
    statements: [],
    configuration: [],
    doubts: [],
    ...more,
  };
}

/** Service CPU, above its limit from `from` to `to` seconds into the run. */
const busy = (from: number, to: number): SignalSeries => ({
  id: 'service.cpu',
  title: 'Service CPU',
  unit: 'ratio',
  kind: 'utilisation',
  points: Array.from({ length: 60 }, (_, at): [number, number] => [at, at >= from && at < to ? 0.99 : 0.2]),
});

describe('the summary', () => {
  test('holds the break, its cause, and the recovery from it', () => {
    const { summary } = buildReport(recordOf(outcomes, { series: [busy(33, 50)] }));
    expect(summary).toMatchObject({
      format: 'plimsoll.summary.v1',
      verdict: 'warn',
      breakingPoint: { phase: 'stress', atSeconds: 15, perSecond: 10 },
      bottleneck: { id: 'service.cpu', confidence: 'medium' },
      recovery: { seconds: 3 }, // 2 s of draining (20 + 30 → 52), and good from the second second on
    });
    expect(summary).not.toHaveProperty('partial');
  });

  test.each([
    ['turned up to 10 s before the break', 26, 40, 'service.cpu'],
    ['was over longer before it', 5, 25, 'unknown'],
    ['turned only after the phase', 51, 60, 'unknown'],
  ])('blames a signal that %s: %d to %d s is %s', (_, from, to, id) => {
    expect(buildReport(recordOf(outcomes, { series: [busy(from, to)] })).summary.bottleneck?.id).toBe(id);
  });

  test('without a break names none, whatever the signals say', () => {
    const { summary } = buildReport(recordOf(outcomes.slice(0, 1), { series: [busy(0, 60)] }));
    expect(summary.bottleneck).toMatchObject({ id: 'none', confidence: 'medium' });
    expect(summary).not.toHaveProperty('breakingPoint');
    expect(summary).not.toHaveProperty('recovery');
    expect(summary.verdict).toBe('pass');
  });

  test.each<readonly [string, readonly PhaseOutcome[], boolean]>([
    ['nothing was judged', [outcomeOf({}, times(20, fast))], false],
    ['a phase is void', [outcomes[0]!, outcomeOf({ objectives }, times(5, { ...fast, startDelayUs: 90_000 }))], false],
    ['it missed at no clear moment', [outcomeOf({ objectives: ['throughput > 99/s'] }, times(20, fast))], false],
    ['it was stopped', [outcomes[0]!], true],
  ])('says nothing of a bottleneck where %s', (_, ran, interrupted) => {
    expect(buildReport(recordOf(ran, { interrupted })).summary).not.toHaveProperty('bottleneck');
  });

  test('tells a run that was broken from the start from one that broke', () => {
    const { summary, headline } = buildReport(recordOf([outcomeOf({ objectives }, times(20, slow))]));
    expect(summary.breakingPoint).toMatchObject({ atSeconds: 0, perSecond: 10, alreadyBroken: true });
    expect(headline).toContain('it was already broken at 10 arrivals/s');
    expect(buildReport(recordOf(outcomes)).summary.breakingPoint).not.toHaveProperty('alreadyBroken');
  });

  test('of a run that was stopped says so, and passes nothing', () => {
    const { summary, headline } = buildReport(recordOf(outcomes.slice(0, 1), { interrupted: true }));
    expect(summary).toMatchObject({ partial: true, verdict: 'unknown' });
    expect(headline).toContain('later phases are missing');
  });

  test('tells a service that did not recover by null', () => {
    const sick = outcomeOf({ kind: 'recovery' }, times(5, slow), { startedAtMs: START + 52_000 });
    expect(buildReport(recordOf([...outcomes.slice(0, 2), sick])).summary.recovery).toEqual({
      seconds: null,
      verdict: 'fail',
    });
  });
});

describe('the report', () => {
  test('lays the phases on one axis, counted from the start of the run', () => {
    const { timeline } = buildReport(recordOf(outcomes));
    expect(
      timeline.map(({ phase, startSeconds, durationSeconds, points }) => [
        phase,
        startSeconds,
        durationSeconds,
        points.length,
      ]),
    ).toEqual([
      ['sustained', 0, 20, 20],
      ['stress', 20, 30, 30],
      ['recovery', 52, 5, 5],
    ]);
  });

  test('tells the doubts of whoever ran it before its own', () => {
    const late = outcomeOf({}, times(3, { ok: 5, startDelayUs: 90_000 }));
    const { doubts } = buildReport(recordOf([late], { doubts: ['one machine'] }));
    expect(doubts).toHaveLength(2);
    expect(doubts[0]).toBe('one machine');
  });

  test('is plain JSON as it stands, apart from figures that are missing', () => {
    const report = buildReport(recordOf(outcomes, { series: [busy(33, 50)] }));
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      format: 'plimsoll.report.v1',
      summary: report.summary,
      signals: report.signals,
    });
  });
});
