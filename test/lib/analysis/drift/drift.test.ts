import { describe, expect, test } from '@jest/globals';
import type { AnalysedRun } from '../../../../lib/analysis/analysed-run.ts';
import { drift } from '../../../../lib/analysis/drift/drift.ts';
import { analyse } from '../../../../lib/analysis/index.ts';
import type { PhaseOutcome } from '../../../../lib/analysis/outcome.ts';
import { judgePhase } from '../../../../lib/analysis/phase.ts';
import type { Segment } from '../../../../lib/schedule/segment.ts';
import { signals } from '../../../../lib/signals/index.ts';
import type { SignalSeries } from '../../../../lib/signals/signal.ts';
import { planOf } from '../../run/plan.ts';
import { outcomeOf, times, type PhaseShape } from '../measured.ts';

const HOURS = 2;
const SECONDS = HOURS * 3600;

/** A phase of two hours, of which only the points are of that length: p50 and p99 in µs by the hour since its start. */
function long(shape: PhaseShape, p99Us: (hours: number) => number, segments?: readonly Segment[]): PhaseOutcome {
  const outcome = outcomeOf({ kind: 'sustained', ...shape }, times(3, { ok: 10 }));
  const [point] = outcome.measurement.points;
  if (point?.responseTimeUs === undefined) throw new Error('no point');
  const { responseTimeUs } = point;
  const points = Array.from({ length: 600 }, (_, at) => {
    // A wobble of a hundredth.
    const p99 = p99Us((at * 12) / 3600) * (1 + 0.01 * Math.sin(at * 7.3));
    return { ...point, atSeconds: at * 12, seconds: 12, responseTimeUs: { ...responseTimeUs, p50: 5000, p99 } };
  });
  const level = segments ?? [{ durationUs: SECONDS * 1e6, from: 10, to: 10 }];
  const phase = { ...outcome.phase, segments: level, durationUs: SECONDS * 1e6 };
  return { ...outcome, phase, ranSeconds: SECONDS, measurement: { ...outcome.measurement, points } };
}

function memory(id: string, at: (hours: number) => number): SignalSeries {
  const signal = signals.find((each) => each.id === id);
  if (signal === undefined) throw new Error(`no signal: ${id}`);
  const points = Array.from({ length: 1800 }, (_, i): [number, number] => [i * 4, at((i * 4) / 3600)]);
  return { id, title: signal.title, unit: signal.unit, kind: signal.kind, points };
}

function runOf(outcome: PhaseOutcome, series: readonly SignalSeries[] = []): AnalysedRun {
  const plan = planOf([outcome.phase]);
  const phases = [judgePhase(plan, outcome, { fromSeconds: 0, toSeconds: SECONDS, signals: [] })];
  return { plan, startedAtMs: 0, outcomes: [outcome], phases, interrupted: false, signals, series };
}

const level = long({}, () => 100_000);
/** Teeth of a collector of 30 %, one every three minutes, on what is held. */
const teeth = (held: (hours: number) => number) => (hours: number) => held(hours) * (1 + 0.3 * ((hours * 20) % 1));

describe('a leak', () => {
  // With half a tooth 0.345 at first, 5 % of it more an hour, so 0.38 after two hours; 1 − 0.38 lies 36 h off.
  const leaking = [
    memory(
      'service.memory',
      teeth((hours) => 0.3 * (1 + 0.05 * hours)),
    ),
  ];
  const found = drift(runOf(level, leaking));

  test('is found below the teeth of a collector, with its pace and its limit', () => {
    expect(found?.verdict).toBe('warn');
    expect(found?.trends).toHaveLength(1);
    const [trend] = found?.trends ?? [];
    expect(trend).toMatchObject({ phase: 'sustained', figure: 'service.memory', verdict: 'warn', limit: 1 });
    expect(trend?.perHour).toBeCloseTo(0.05, 2);
    expect(trend?.hoursToLimit).toBeGreaterThan(30);
    expect(trend?.hoursToLimit).toBeLessThan(42);
    expect(trend?.text).toContain('at this pace it reaches its limit of 100 % in ');
  });

  test('that fills memory within a day fails', () => {
    // 0.8 + 4 % of it an hour: 0.864 after two hours, and full 4.3 h later.
    const soon = [memory('service.memory', (hours) => 0.8 * (1 + 0.04 * hours))];
    const run = runOf(level, soon);
    expect(drift(run)?.trends).toMatchObject([{ verdict: 'fail', hoursToLimit: expect.closeTo(4.25, 1) }]);
    expect(analyse(run).verdict).toBe('fail');
    expect(analyse(run).readiness?.verdict).toBe('no-go');
  });

  test('rests on readings that lie in its series', () => {
    const [trend] = found?.trends ?? [];
    const values = leaking[0]?.points.map(([, value]) => value) ?? [];
    const moments = leaking[0]?.points.map(([at]) => at) ?? [];
    for (const value of [trend?.from, trend?.to]) {
      expect(value).toBeGreaterThan(Math.min(...values));
      expect(value).toBeLessThan(Math.max(...values));
    }
    for (const at of [trend?.fromSeconds ?? -1, (trend?.toSeconds ?? 0) - 4])
      expect(moments.some((each) => Math.abs(each - at) <= 4)).toBe(true);
  });

  test('is told once, where its share of the limit was read too', () => {
    const both = [...leaking, memory('service.resident-memory', (hours) => 4e8 * (1 + 0.05 * hours))];
    expect(drift(runOf(level, both))?.trends.map(({ figure }) => figure)).toEqual(['service.memory']);
  });
});

describe('a p99', () => {
  const growing = (hours: number): number => 300_000 * (1 + 0.1 * hours);

  test('that grows by a tenth an hour is found, with the moment at which the objective breaks', () => {
    // 360 ms after two hours, 30 ms an hour: 500 ms are 4.7 h off.
    const found = drift(runOf(long({ objectives: ['p99 < 500ms'] }, growing)));
    expect(found?.trends).toMatchObject([
      { figure: 'responseTime.p99', verdict: 'fail', limit: 500_000, hoursToLimit: expect.closeTo(4.67, 1) },
    ]);
    const [low = 0, high = 0] = found?.trends[0]?.hoursToLimitRange ?? [];
    expect(low).toBeLessThan(4.67);
    expect(high).toBeGreaterThan(4.67);
  });

  test.each<readonly [string, PhaseOutcome]>([
    ['warm-up', long({ kind: 'warm-up' }, growing)],
    ['stress', long({ kind: 'stress' }, growing)],
    ['recovery', long({ kind: 'recovery' }, growing)],
    ['a ramp', long({}, growing, [{ durationUs: SECONDS * 1e6, from: 1, to: 20 }])],
  ])('that grows in %s is no drift, since the load is not level there', (_, outcome) => {
    expect(drift(runOf(outcome))).toBeUndefined();
  });

  test('is judged where its load was level: between a ramp up and a ramp down', () => {
    const ramps: Segment[] = [
      { durationUs: 600e6, from: 0, to: 10 },
      { durationUs: 3000e6, from: 10, to: 10 },
      { durationUs: 3000e6, from: 10, to: 10 },
      { durationUs: 600e6, from: 10, to: 0 },
    ];
    const [trend] = drift(runOf(long({}, growing, ramps)))?.trends ?? [];
    // 600 s of ramp, and a tenth of 6,000 s.
    expect([trend?.fromSeconds, trend?.toSeconds]).toEqual([1200, 6600]);
  });
});

test('a level run rises nowhere, and says what was looked at', () => {
  const found = drift(
    runOf(level, [
      memory(
        'service.memory',
        teeth(() => 0.4),
      ),
    ]),
  );
  expect(found).toEqual({
    verdict: 'pass',
    phases: ['sustained'],
    figures: ['responseTime.p50', 'responseTime.p99', 'service.memory'],
    trends: [],
  });
});
