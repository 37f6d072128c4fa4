import { expect, test } from '@jest/globals';
import type { AnalysedRun } from '../../../lib/analysis/analysed-run.ts';
import { analyse } from '../../../lib/analysis/index.ts';
import type { PhaseOutcome } from '../../../lib/analysis/outcome.ts';
import { judgePhase } from '../../../lib/analysis/phase.ts';
import { runObjectives } from '../../../lib/analysis/run-objectives.ts';
import type { Verdict } from '../../../lib/analysis/verdict.ts';
import { asSearch } from '../../../lib/plan/plan.ts';
import { signals } from '../../../lib/signals/index.ts';
import type { SignalSeries } from '../../../lib/signals/signal.ts';
import { planOf } from '../run/plan.ts';
import { objective, outcomeOf, times, type Second } from './measured.ts';

const ms = (n: number): number => n * 1000;

/** 900 requests of 100 ms, 80 of 900 ms and 20 that failed as fast as these, in twenty seconds; and a warm-up that is no part of it. */
const fast: Second = { ok: 90, responseUs: ms(100) };
const slow: Second = { ok: 8, failed: { 'status.503': 2 }, responseUs: ms(900) };
const cold: Second = { ok: 50, responseUs: ms(5000) };
const [warmUp, first, second] = [
  outcomeOf({ kind: 'warm-up' }, times(10, cold)),
  outcomeOf({ name: 'first' }, times(10, fast), { startedAtMs: 10_000 }),
  outcomeOf({ name: 'second', kind: 'stress' }, times(10, slow), { startedAtMs: 30_000 }),
];

/** 10 % in the first phase, 90 % between the two, 30 % in the second. */
const cpu: SignalSeries = {
  id: 'service.cpu',
  title: 'CPU',
  unit: 'ratio',
  kind: 'utilisation',
  points: [...times(20, 0.1), ...times(10, 0.9), ...times(10, 0.3)].map((value, at) => [at + 0.5, value] as const),
};

function runOf(
  objectives: readonly string[],
  outcomes: readonly PhaseOutcome[] = [warmUp, first, second],
): AnalysedRun {
  const plan = { ...planOf(outcomes.map(({ phase }) => phase)), runObjectives: objectives.map(objective) };
  const window = { fromSeconds: 0, toSeconds: 60, signals: [cpu] };
  const phases = outcomes.map((outcome) => judgePhase(plan, outcome, window));
  return { plan, startedAtMs: 0, outcomes, phases, interrupted: false, signals, series: [cpu] };
}

test.each<readonly [line: string, value: number, verdict: Verdict]>([
  // The mean of the phases' medians would be 500 ms; of their p95s too.
  ['p50 < 200ms', ms(100), 'pass'],
  ['p90 < 200ms', ms(100), 'pass'],
  ['p95 < 800ms', ms(900), 'fail'],
  ['service p99 < 1s', ms(900), 'pass'],
  // (900 · 100 + 100 · 900) / 1,000
  ['mean < 181ms', ms(180), 'pass'],
  ['errors < 1%', 20 / 1000, 'fail'],
  ['5xx < 2%, fail > 3%', 20 / 1000, 'warn'],
  ['availability >= 98%', 980 / 1000, 'pass'],
  // 980 in 20 s; the ten of the warm-up and those between the phases are no part of it.
  ['throughput > 48/s', 49, 'pass'],
  ['service.cpu max < 50%', 0.3, 'pass'],
  ['service.cpu mean < 50%', 0.2, 'pass'],
  ['service.memory max < 50%', Number.NaN, 'unknown'],
])('%s of all phases but warm-up together is %d: %s', (line, value, verdict) => {
  const found = runObjectives(runOf([line]));
  expect(found).toMatchObject({ verdict, phases: ['first', 'second'], objectives: [{ objective: line, verdict }] });
  const told = found?.objectives[0]?.value ?? Number.NaN;
  // To the resolution of a histogram.
  expect(Number.isNaN(value) ? Number.isNaN(told) : Math.abs(told - value) <= value / 1000).toBe(true);
});

test('a run whose phases all hold fails by an objective of the run', () => {
  const run = runOf(['errors < 1%']);
  expect(run.phases.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
  expect(analyse(run).verdict).toBe('fail');
});

test.each<readonly [string, (run: AnalysedRun) => AnalysedRun]>([
  ['a run that was stopped', (run) => ({ ...run, interrupted: true })],
  [
    'a run with a void phase',
    (run) => ({
      ...run,
      phases: run.phases.map((phase) =>
        phase.name === 'first'
          ? { ...phase, verdict: 'void', validity: { verdict: 'void', reasons: ['late'] } }
          : phase,
      ),
    }),
  ],
])('%s has figures, and no verdict on them', (_, change) => {
  const found = runObjectives(change(runOf(['p50 < 200ms', 'errors < 1%'])));
  expect(found?.objectives.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
  expect(found?.objectives[0]?.value).toBeGreaterThan(0);
});

test('nothing is said where there is no such objective, no phase, or a search', () => {
  const run = runOf(['errors < 1%']);
  const { runObjectives: _, ...without } = run.plan;
  expect(runObjectives({ ...run, plan: without })).toBeUndefined();
  expect(runObjectives({ ...run, outcomes: [], phases: [] })).toBeUndefined();
  expect(runObjectives({ ...run, plan: asSearch(run.plan) })).toBeUndefined();
});
