import { expect, test } from '@jest/globals';
import { capacity } from '../../../../lib/analysis/capacity/finding.ts';
import { measuredFor } from '../../../../lib/analysis/capacity/phases.ts';
import type { PhaseOutcome } from '../../../../lib/analysis/outcome.ts';
import { judgePhase } from '../../../../lib/analysis/phase.ts';
import type { Interval } from '../../../../lib/measure/interval.ts';
import type { ArrivalLedger } from '../../../../lib/measure/ledger.ts';
import { MeasurementBuilder } from '../../../../lib/measure/measurement.ts';
import { lowerCapacity, probePhase } from '../../../../lib/plan/capacity.ts';
import { planOf } from '../../run/plan.ts';
import { intervalOf } from '../measured.ts';

const searched = lowerCapacity({}, ['p99 < 100ms', 'errors < 1%']);
const plan = { ...planOf([]), capacity: searched, search: true } as const;

const second = (ok: number, arrivals: Partial<ArrivalLedger>): Interval => {
  const interval = intervalOf({ ok });
  Object.assign(interval.arrivals, { due: 0, started: 0, completed: 0, ...arrivals });
  return interval;
};

/** Eight seconds of 20 journeys a second with two requests each, then a pause of two seconds: two seconds settle, and the last 40 journeys are cut. */
function pausing(perSecond: number, number: number): PhaseOutcome {
  const phase = probePhase(searched, { purpose: 'close', perSecond, seconds: 8, settleSeconds: 2 }, number);
  const builder = new MeasurementBuilder(8, measuredFor(phase, plan));
  for (let at = 0; at < 8; at += 1) builder.add(at, second(40, { due: 20, started: 20, completed: at < 2 ? 0 : 20 }));
  builder.add(8, second(0, { cut: 40 }));
  return { phase, startedAtMs: number * 8000, ranSeconds: 8, measurement: builder.build() };
}

/** Most are turned away. */
function failing(perSecond: number, number: number): PhaseOutcome {
  const phase = probePhase(searched, { purpose: 'close', perSecond, seconds: 8, settleSeconds: 2 }, number);
  const builder = new MeasurementBuilder(8, measuredFor(phase, plan));
  for (let at = 0; at < 8; at += 1) builder.add(at, intervalOf({ ok: 10, failed: { status: 30 } }));
  return { phase, startedAtMs: number * 8000, ranSeconds: 8, measurement: builder.build() };
}

test('a search counts arrivals, and says how many requests they are, of the journeys that were not cut while they paused', () => {
  // Asked for were 19 and 21 a second: what came of it is said for what had started, which is 20.
  const outcomes = [pausing(19, 0), pausing(21, 1), failing(40, 2)];
  const phases = outcomes.map((outcome) => judgePhase(plan, outcome, { fromSeconds: 0, toSeconds: 8, signals: [] }));
  const run = { plan, startedAtMs: 0, outcomes, phases, interrupted: false, signals: [], series: [] };
  const { perSecond = 0, throughputPerSecond = 0, probes = [] } = capacity(run) ?? {};
  expect(perSecond).toBeGreaterThan(19);
  expect(throughputPerSecond).toBeCloseTo(2 * perSecond, 9);
  expect(probes.slice(0, 2).map((probe) => probe.throughputPerSecond)).toEqual([40, 40]);
});
