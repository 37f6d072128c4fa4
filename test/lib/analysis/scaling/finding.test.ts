import { expect, test } from '@jest/globals';
import type { AnalysedRun } from '../../../../lib/analysis/analysed-run.ts';
import { analyse } from '../../../../lib/analysis/index.ts';
import { judgePhase } from '../../../../lib/analysis/phase.ts';
import { scaling } from '../../../../lib/analysis/scaling/finding.ts';
import type { ScalingRecord } from '../../../../lib/analysis/scaling/observed.ts';
import { buildReport } from '../../../../lib/report/build.ts';
import { scalingSection } from '../../../../lib/report/sections/scaling.ts';
import { signals } from '../../../../lib/signals/index.ts';
import { planOf } from '../../run/plan.ts';
import { outcomeOf, times } from '../measured.ts';

const MINUTE_MS = 60_000;
/** Ten minutes, the first two at 10/s, the others at 70/s. */
const outcome = outcomeOf({ objectives: ['errors < 1%'] }, [...times(120, { ok: 10 }), ...times(480, { ok: 70 })]);
/** A reading a minute: seven tasks are asked for after the fourth and run after the fifth. */
const running = [2, 2, 2, 2, 2, 7, 7, 7, 7, 7];
const desired = [2, 2, 2, 2, 7, 7, 7, 7, 7, 7];
/** Of 10/s each. */
const policy = { min: 2, max: 10, capacityPerSecond: 10, byClock: [] };

function runOf(known: ScalingRecord | undefined, counts: Readonly<Record<string, readonly number[]>>): AnalysedRun {
  const plan = planOf([outcome.phase]);
  const series = signals
    .filter(({ id }) => id in counts)
    .map(({ id, title, unit, kind }) => ({
      id,
      title,
      unit,
      kind,
      points: (counts[id] ?? []).map((value, minute) => [minute * 60, value] as const),
    }));
  const phases = [judgePhase(plan, outcome, { fromSeconds: 0, toSeconds: 600, signals: series })];
  const whole = { plan, startedAtMs: 0, outcomes: [outcome], phases, interrupted: false, signals, series };
  return { ...whole, ...(known && { scaling: known }) };
}

const tasks = { 'service.tasks': running, 'service.tasks-desired': desired };
const found = (known: ScalingRecord | undefined, counts: Readonly<Record<string, readonly number[]>> = tasks) => {
  const finding = scaling(runOf(known, counts));
  return Object.fromEntries((finding?.rules ?? []).map(({ rule, verdict, evidence }) => [rule, { verdict, evidence }]));
};

test('a run whose tasks nobody counted has no such finding, and no section', () => {
  const run = runOf({ policy }, { 'service.cpu': [0.5] });
  expect(scaling(run)).toBeUndefined();
  expect(analyse(run)).not.toHaveProperty('scaling');
});

test('under a policy every rule is asked, by what was sent and what one task carries', () => {
  const judged = found({ policy });
  expect(judged['scale-out']?.verdict).toBe('pass');
  // From the third reading, the first with 70/s in the minute before, to the sixth.
  expect(judged['delay']?.evidence).toContain('tasks were missing for 180 s');
  expect(judged['at-maximum']).toEqual({ verdict: 'pass', evidence: 'the maximum of 10 tasks was enough' });
  expect(judged['objectives']?.evidence).toBe('0 of 10 minutes were beyond the objectives');
  expect(judged['alarm-fired']?.verdict).toBe('unknown');
});

test('with fewer at the most than were needed it fails, and the run does not', () => {
  const few = { policy: { ...policy, max: 4 } };
  const stuck = { 'service.tasks': running.map((n) => Math.min(4, n)), 'service.tasks-desired': times(10, 4) };
  expect(found(few, stuck)['delay']?.verdict).toBe('pass');
  expect(found(few, stuck)['at-maximum']?.verdict).toBe('warn');
  expect(analyse(runOf(few, stuck)).verdict).toBe('pass');
});

test('without one it is known whether tasks came that were asked for, and not whether they were needed', () => {
  const judged = found(undefined);
  expect([judged['started']?.verdict, judged['flapping']?.verdict]).toEqual(['pass', 'pass']);
  expect(['delay', 'scale-in', 'at-maximum'].map((rule) => judged[rule]?.verdict)).toEqual(times(3, 'unknown'));
});

test('an alarm is held against its own signal', () => {
  const alarms = (fromMinute: number) => ({
    prefix: 'plimsoll-dev',
    changes: [
      { alarm: 'plimsoll-dev-tasks-at-maximum', atMs: fromMinute * MINUTE_MS, state: 'ALARM' as const },
      { alarm: 'plimsoll-dev-tasks-at-maximum', atMs: 9 * MINUTE_MS, state: 'OK' as const },
    ],
  });
  const quiet = found({ policy, alarms: alarms(4) }, { ...tasks, 'service.task-headroom': times(10, 3) });
  expect(quiet['alarm-fired']?.verdict).toBe('warn');
  expect(quiet['alarm-cleared']?.verdict).toBe('pass');
});

test('it stands in the report, a row for every rule', () => {
  const run = runOf({ policy }, tasks);
  const report = buildReport({
    run: { id: 'r', startedAt: '2026-03-02T09:00:00Z', endedAt: '2026-03-02T09:10:00Z', version: '1' },
    plan: run.plan,
    planSha256: 'a',
    target: 'http://shop.internal',
    startedAtMs: 0,
    outcomes: run.outcomes,
    findings: analyse(run),
    interrupted: false,
    series: run.series,
    statements: [],
    configuration: [],
    doubts: [],
  });
  const section = scalingSection(report);
  const [, table] = section?.blocks ?? [];
  expect(section?.title).toBe('How the service scaled');
  expect(table).toMatchObject({ block: 'table' });
  expect(JSON.stringify(table)).toContain('tasks were missing for 180 s');
});
