import { describe, expect, test } from '@jest/globals';
import type { AnalysedRun } from '../../../lib/analysis/analysed-run.ts';
import { bottleneck } from '../../../lib/analysis/bottleneck.ts';
import { health } from '../../../lib/analysis/watching/health.ts';
import { analyse } from '../../../lib/analysis/index.ts';
import { integrity } from '../../../lib/analysis/watching/integrity.ts';
import type { PhaseOutcome } from '../../../lib/analysis/outcome.ts';
import { judgePhase, type PhaseFindings } from '../../../lib/analysis/phase.ts';
import type { OnceRecord } from '../../../lib/measure/once.ts';
import { emptyLedger } from '../../../lib/measure/ledger.ts';
import { signals } from '../../../lib/signals/index.ts';
import type { SignalSeries } from '../../../lib/signals/signal.ts';
import { get, planOf } from '../run/plan.ts';
import { outcomeOf, times, type Second } from './measured.ts';

const well: Second = { ok: 50, responseUs: 100_000 };
const slow: Second = { ok: 50, responseUs: 900_000 };
const refused: Second = { failed: { 'status.503': 400 }, responseUs: 2000 };

const sustained = outcomeOf({ kind: 'sustained', objectives: ['errors < 1%'] }, times(10, well));
const stress = outcomeOf({ kind: 'stress' }, times(10, slow), { startedAtMs: 10_000 });
const recovered = outcomeOf({ kind: 'recovery' }, times(10, well), { startedAtMs: 20_000 });

/** A reading a second from the run's start on. */
const seriesOf = (id: string, values: readonly number[]): SignalSeries => {
  const { title, unit, kind } = signals.find((each) => each.id === id) ?? { title: id, unit: 'count', kind: 'errors' };
  return { id, title, unit, kind, points: values.map((value, at) => [at, value] as const) };
};

interface Shape {
  readonly outcomes?: readonly PhaseOutcome[];
  readonly series?: readonly SignalSeries[];
  readonly checks?: OnceRecord | undefined;
  readonly interrupted?: boolean;
}

function runOf({
  outcomes = [sustained, stress, recovered],
  series = [],
  checks,
  interrupted = false,
}: Shape): AnalysedRun {
  const plan = { ...planOf(outcomes.map(({ phase }) => phase)), checks: [{ ...get('/data'), name: 'data' }] };
  const phases = outcomes.map(judged);
  return { plan, startedAtMs: 0, outcomes, phases, interrupted, signals, series, checks };
}

/** Histograms take their time. */
const known = new Map<PhaseOutcome, PhaseFindings>();

function judged(outcome: PhaseOutcome): PhaseFindings {
  const plan = planOf([outcome.phase]);
  const found = known.get(outcome) ?? judgePhase(plan, outcome, { fromSeconds: 0, toSeconds: 60, signals: [] });
  known.set(outcome, found);
  return found;
}

const answered = (part: Partial<ReturnType<typeof emptyLedger>>): OnceRecord => ({
  tookSeconds: 1,
  steps: { data: { ...emptyLedger(), sent: 1, ...part } },
});
const sound = answered({ ok: 1 });

/** All that can be known, and nothing wrong. */
const watched = [seriesOf('service.unhealthy', times(30, 0)), seriesOf('service.started', times(30, 1e9))];

describe('the checks after the load', () => {
  test.each<readonly [string, OnceRecord | undefined, string]>([
    ['answered as expected', sound, 'pass'],
    ['with another body', answered({ failed: 1, failures: { 'expect.body': 1 } }), 'fail'],
    ['with another status', answered({ failed: 1, failures: { 'status.500': 1 } }), 'fail'],
    ['without what is captured', answered({ failed: 1, failures: { capture: 1 } }), 'fail'],
    ['not now, by its status', answered({ failed: 1, failures: { 'status.503': 1 } }), 'unknown'],
    ['refused', answered({ failed: 1, failures: { refused: 1 } }), 'unknown'],
    ['without an answer in time', answered({ timedOut: 1 }), 'unknown'],
    ['that were never sent', { tookSeconds: 0, steps: {} }, 'unknown'],
    ['of a run that was killed', undefined, 'unknown'],
  ])('%s', (_, checks, verdict) => {
    const run = runOf({ checks });
    expect(integrity(run)?.verdict).toBe(verdict);
    expect(analyse(run).verdict).toBe(verdict);
  });
});

describe('the health check', () => {
  const failing = (from: number, count: number) => [
    seriesOf(
      'service.unhealthy',
      Array.from({ length: 30 }, (_, at) => Number(at >= from && at < from + count)),
    ),
  ];
  test.each([
    ['never fails', 0, 0, 'pass'],
    ['fails twice', 3, 2, 'warn'],
    ['fails three times on end', 3, 3, 'fail'],
    ['fails under stress alone', 12, 6, 'warn'],
    ['goes on failing after the stress', 15, 10, 'fail'],
  ])('that %s', (_, from, count, verdict) => {
    const found = health(runOf({ series: failing(from, count), checks: sound }));
    expect(found).toMatchObject({ verdict, signal: 'service.unhealthy' });
  });

  test('names the stretch, which lies in the series', () => {
    const found = health(runOf({ series: failing(3, 4), checks: sound }));
    expect(found).toMatchObject({
      asked: 30 + 2,
      failed: 4,
      worst: { phase: 'sustained', fromSeconds: 3, toSeconds: 6 },
    });
  });

  test('that was not read says nothing', () => {
    expect(health(runOf({}))).toBeUndefined();
  });
});

describe('go or no-go', () => {
  const blockers = (shape: Shape) => {
    const found = analyse(runOf({ series: watched, checks: sound, ...shape })).readiness;
    const of = (verdict: string) => found?.blockers.filter((each) => each.verdict === verdict).map(({ name }) => name);
    return { verdict: found?.verdict, failed: of('fail'), untested: of('unknown') };
  };

  test('is go where all was tested, and nothing found', () => {
    expect(blockers({})).toEqual({ verdict: 'go', failed: [], untested: [] });
  });

  const phaseOf = (seconds: readonly Second[], objectives: readonly string[] = []) => [
    outcomeOf({ kind: 'sustained', objectives: [...objectives] }, seconds),
    stress,
    recovered,
  ];
  const errors: Second = { ok: 98, failed: { 'status.500': 2 }, responseUs: 100_000 };
  test.each<readonly [string, Shape, readonly string[]]>([
    ['a p99 above 600 ms', { outcomes: phaseOf(times(10, { ok: 50, responseUs: 601_500 })) }, ['p99']],
    [
      'a p99 above the limit of the plan',
      { outcomes: phaseOf(times(10, well), ['p99 < 90ms']) },
      ['objectives', 'p99'],
    ],
    ['errors above 1 %', { outcomes: phaseOf(times(10, errors)) }, ['errors']],
    ['corrupted data', { checks: answered({ failed: 1, failures: { 'expect.body': 1 } }) }, ['data']],
    [
      'a process that was started anew',
      {
        series: [
          watched[0] ?? seriesOf('', []),
          seriesOf('service.started', [...times(15, 1e9), ...times(15, 1e9 + 60)]),
        ],
      },
      ['crashes'],
    ],
    ['a task that ended by itself', { series: [...watched, seriesOf('service.crashes', [0, 1])] }, ['crashes']],
    [
      'no recovery',
      { outcomes: [sustained, stress, outcomeOf({ kind: 'recovery' }, times(10, slow), { startedAtMs: 20_000 })] },
      ['recovery'],
    ],
    [
      'a health check that fails',
      { series: [seriesOf('service.unhealthy', times(30, 1)), ...watched.slice(1)] },
      ['health'],
    ],
  ])('%s blocks', (_, shape, failed) => {
    expect(blockers(shape)).toMatchObject({ verdict: 'no-go', failed });
  });

  test.each<readonly [string, Shape, readonly string[]]>([
    ['without checks that were answered', { checks: undefined }, ['data']],
    ['without signals', { series: [] }, ['crashes', 'health']],
    ['without stress', { outcomes: [sustained] }, ['recovery']],
    ['of a sustained phase that is too short for a p99', { outcomes: phaseOf(times(1, well)) }, ['objectives', 'p99']],
  ])('%s it is unknown', (_, shape, untested) => {
    expect(blockers(shape)).toEqual({ verdict: 'unknown', failed: [], untested });
  });

  test('limits of the plan take the place of the usual ones', () => {
    expect(blockers({ outcomes: phaseOf(times(10, slow), ['p99 < 2s']) })).toMatchObject({ failed: [] });
  });

  test('instances that take turns in a scrape are no crash', () => {
    const turns = seriesOf(
      'service.started',
      Array.from({ length: 30 }, (_, at) => 1e9 + (at % 2) * 500),
    );
    expect(blockers({ series: [watched[0] ?? turns, turns] })).toMatchObject({ verdict: 'go' });
  });

  test('a run that was stopped is unknown at best', () => {
    expect(blockers({ interrupted: true }).verdict).toBe('unknown');
  });
});

describe('a service that turns everything away', () => {
  const host = seriesOf('host.cpu', times(30, 1));
  test.each<readonly [string, Second]>([
    ['with 503', refused],
    ['since nothing listens', { failed: { refused: 400 }, responseUs: 500 }],
  ])('%s is named as that, and not by a resource', (_, second) => {
    const outcomes = [outcomeOf({ kind: 'sustained', objectives: ['errors < 1%'] }, times(10, second))];
    expect(bottleneck(runOf({ outcomes, series: [host] }))).toMatchObject({ id: 'refusals', confidence: 'medium' });
  });

  test('is not meant where half of it is served', () => {
    const half: Second = { ok: 200, failed: { 'status.503': 200 }, responseUs: 2000 };
    const outcomes = [outcomeOf({ kind: 'sustained', objectives: ['errors < 1%'] }, times(10, half))];
    expect(bottleneck(runOf({ outcomes, series: [host] }))?.id).not.toBe('refusals');
  });
});
