import { describe, expect, test } from '@jest/globals';
import type { AnalysedRun } from '../../../../lib/analysis/analysed-run.ts';
import { diagnosis } from '../../../../lib/analysis/diagnosis/diagnose.ts';
import { judgePhase } from '../../../../lib/analysis/phase.ts';
import { findingSections } from '../../../../lib/report/sections/findings.ts';
import { signals } from '../../../../lib/signals/index.ts';
import type { SignalSeries } from '../../../../lib/signals/signal.ts';
import { recordedExperiment } from '../../lab/recorded.ts';
import { planOf } from '../../run/plan.ts';
import { outcomeOf, times, type Second } from '../measured.ts';
import { recordedSystems, seenAs } from './recorded.ts';

const SECONDS = 40;
const fast: Second = { ok: 40, responseUs: 10_000 };
const slow: Second = { ok: 40, responseUs: 1_000_000 };
const failing: Second = { ok: 20, timedOut: 20, responseUs: 1_000_000 };

/** A reading a second: `calm`, and `beyond` from a second on. */
function turning(id: string, calm: number, beyond: number, at: number): SignalSeries {
  const signal = signals.find((each) => each.id === id);
  if (signal === undefined) throw new Error(`no signal: ${id}`);
  const points = Array.from({ length: SECONDS }, (_, second): [number, number] => [
    second,
    second < at ? calm : beyond,
  ]);
  return { id, title: signal.title, unit: signal.unit, kind: signal.kind, points };
}

function runOf(seconds: readonly Second[], series: readonly SignalSeries[]): AnalysedRun {
  const outcome = outcomeOf({ kind: 'stress', objectives: ['p95 < 100ms'] }, seconds);
  const plan = planOf([outcome.phase]);
  const phases = [judgePhase(plan, outcome, { fromSeconds: 0, toSeconds: SECONDS, signals: [] })];
  return { plan, startedAtMs: 0, outcomes: [outcome], phases, interrupted: false, signals, series };
}

const cascadeIn = (run: AnalysedRun) =>
  diagnosis(run)?.cascade?.map(({ atSeconds, text }) => [atSeconds, text.split(/[:(]/)[0]]);

/** Of forty requests under way 38 wait for the other service, from 20 s on. */
const downstream = [turning('downstream.in-flight', 0.2, 38, 20), turning('downstream.time', 10_000, 950_000, 20)];
const workers = [turning('service.worker-use', 0.2, 1, 22), turning('service.worker-queue', 0, 30, 23)];
const broken = [...times(20, fast), ...times(5, slow), ...times(15, failing)];
const merelySlow = [...times(20, fast), ...times(20, slow)];

describe('a cascade', () => {
  test('is told in the order of time, from what gave way first to the users', () => {
    expect(cascadeIn(runOf(broken, [...downstream, ...workers]))).toEqual([
      // 37.8 more of 40 ÷ s × 0.99 s.
      [20, expect.stringMatching(/^Calls to other services take 95/)],
      [20, 'p95 < 100ms is missed, from 20 s on'],
      [22, 'Worker threads in use'],
      [23, 'Waiting for a worker thread'],
      [25, 'requests fail '],
    ]);
  });

  test('is one where nothing but the requests fail, and none where they are merely slow', () => {
    expect(cascadeIn(runOf(broken, downstream))?.map(([at]) => at)).toEqual([20, 20, 25]);
    expect(cascadeIn(runOf(merelySlow, downstream))).toBeUndefined();
    expect(cascadeIn(runOf(merelySlow, [...downstream, ...workers]))?.map(([at]) => at)).toEqual([20, 20, 22, 23]);
  });

  test('is none where what would follow was there before, or before all was well', () => {
    const full = [turning('service.worker-use', 1, 1, 0), turning('service.worker-queue', 30, 30, 0)];
    expect(cascadeIn(runOf(merelySlow, [...downstream, ...full]))).toBeUndefined();
    expect(cascadeIn(runOf([...times(5, slow), ...times(35, failing)], [...downstream, ...workers]))).toBeUndefined();
  });

  test('is none where its cause is a guess: of two one is as likely as the other', () => {
    const locks = [turning('database.active', 0.4, 38, 20), turning('database.lock-waits', 0, 38, 20)];
    const run = runOf(broken, [...downstream, ...locks, ...workers]);
    expect(
      diagnosis(run)
        ?.causes.slice(0, 2)
        .map(({ id, confidence }) => [id, confidence]),
    ).toEqual([
      ['database.locks', 'low'],
      ['downstream.latency', 'low'],
    ]);
    expect(cascadeIn(run)).toBeUndefined();
  });

  test('is none of a resource that does not follow from the cause, whatever else is exhausted', () => {
    expect(cascadeIn(runOf(merelySlow, [...downstream, turning('cache.evictions', 0, 50, 22)]))).toBeUndefined();
  });
});

describe('of the recorded systems', () => {
  const withOne = recordedSystems.flatMap((system) => {
    const { cascade } = diagnosis(seenAs('full', system)) ?? {};
    return cascade === undefined ? [] : [{ name: system.name, cascade }];
  });

  test('those whose failure spread have one: caches whose loss reaches requests and pool, and leaks that end in time-outs', () => {
    expect(withOne.map(({ name }) => name)).toEqual(['fa-cacheout', 'go-cachemiss', 'mi-leak', 'rs-leak']);
  });

  test.each(withOne)('$name: nothing comes before its cause, and all is in the order of time', ({ cascade }) => {
    const [cause = Number.NaN, ...later] = cascade.map(({ atSeconds }) => atSeconds);
    expect(later).toEqual(later.toSorted((a, b) => a - b));
    // Both are read once a second, each at its own moment.
    expect(later[0]).toBeGreaterThanOrEqual(cause - 2);
  });
});

test.each(['cascade-failure', 'downstream-down'])('the lab’s %s is one, and its report says so', async (fault) => {
  const { report } = await recordedExperiment(fault);
  const texts = report.summary.diagnosis?.cascade?.map(({ text }) => text) ?? [];
  expect(texts[0]).toMatch(/^Downstream calls failed: /);
  expect(texts.at(-1)).toMatch(/^requests fail \(.* status\.502\)/);
  expect(findingSections.bottleneck(report)?.blocks).toContainEqual({
    block: 'list',
    items: texts.map((text) => ({ text })),
  });
});
