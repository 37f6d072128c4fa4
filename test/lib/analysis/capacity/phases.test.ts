import { describe, expect, test } from '@jest/globals';
import { capacityOf } from '../../../../lib/analysis/capacity/capacity.ts';
import { measuredFor, probeOf } from '../../../../lib/analysis/capacity/phases.ts';
import { journeySeconds, settingsOf } from '../../../../lib/analysis/capacity/settings.ts';
import type { PhaseOutcome } from '../../../../lib/analysis/outcome.ts';
import { judgePhase } from '../../../../lib/analysis/phase.ts';
import { MeasurementBuilder } from '../../../../lib/measure/measurement.ts';
import { lowerCapacity, probePhase } from '../../../../lib/plan/capacity.ts';
import { decodeOutcome, encodeOutcome } from '../../../../lib/run/archive/outcomes.ts';
import { planOf } from '../../run/plan.ts';
import { intervalOf, type Second } from '../measured.ts';

const OBJECTIVES = ['p99 < 100ms', 'errors < 1%', 'mean < 80ms', 'throughput > 50/s'];
const capacity = lowerCapacity(
  { from: 20, hold: '20s', interval: '5%', budget: { time: '2m', requests: 9000 } },
  OBJECTIVES,
);
const plan = { ...planOf([]), capacity };
const load = { purpose: 'close', perSecond: 123.456, seconds: 4, settleSeconds: 1 } as const;

/** Two quick seconds are as many requests as `ok` says. */
function outcomeOf(seconds: readonly Second[]): PhaseOutcome {
  const phase = probePhase(capacity, load, 6);
  const builder = new MeasurementBuilder(4, measuredFor(phase, plan));
  seconds.forEach((second, at) => builder.add(at, intervalOf(second)));
  return { phase, startedAtMs: 0, ranSeconds: 4, measurement: builder.build() };
}

const probeFrom = (outcome: PhaseOutcome) =>
  probeOf(outcome, judgePhase(plan, outcome, { fromSeconds: 0, toSeconds: 4, signals: [] }));

describe('a phase that a search asked for', () => {
  // The first second settles; of the others 10 + 10 + 8 of 30 requests are good, and one second is slow.
  const outcome = outcomeOf([
    { ok: 10, responseUs: 900_000 },
    { ok: 10, responseUs: 10_000, users: 2 },
    { ok: 10, responseUs: 200_000, users: 4 },
    { ok: 8, timedOut: 2, cut: 1, responseUs: 20_000, users: 6 },
  ]);

  test('is of the rate that was asked for, to four digits, and named by its number and purpose', () => {
    expect(outcome.phase).toMatchObject({
      name: 'probe 7: close',
      kind: 'stress',
      segments: [{ from: 123.5, to: 123.5 }],
    });
  });

  test('is read without the seconds in which it settled', () => {
    const probe = probeFrom(outcome);
    expect(probe?.seconds).toEqual([
      { started: 10, ended: 10, ok: 10 },
      { started: 10, ended: 10, ok: 10 },
      { started: 11, ended: 10, ok: 8 },
    ]);
    expect(probe?.users).toBe(4);
    // 10 × 10 ms, 10 × 20 ms and 10 × 200 ms.
    expect((probe?.meanUs ?? 0) / 76_667).toBeCloseTo(1, 2);
    expect((probe?.medianUs ?? 0) / 20_000).toBeCloseTo(1, 2);
  });

  test('counts for each tolerance what was beyond it; a floor of throughput is no part of it', () => {
    const [p99, errors, mean, ...none] = probeFrom(outcome)?.objectives ?? [];
    expect(p99?.seconds).toEqual([
      { count: 10, bad: 0 },
      { count: 10, bad: 10 },
      { count: 10, bad: 0 },
    ]);
    expect(errors?.seconds.map(({ bad }) => bad)).toEqual([0, 0, 2]);
    expect([p99?.verdict, errors?.verdict]).toEqual(['fail', 'fail']);
    // Of the whole phase, as other phases are judged: (9000 + 100 + 2000 + 200) ms / 40.
    expect(mean).toEqual({ verdict: 'fail', seconds: [] });
    expect(none).toEqual([]);
  });

  test('is the same after it lay in a store', () => {
    expect(probeFrom(decodeOutcome(encodeOutcome(outcome), outcome.phase))).toEqual(probeFrom(outcome));
  });

  test('a condition of the plan ends it, and the search is told; not while it warms up or cools down', () => {
    const watched = lowerCapacity({}, OBJECTIVES, ['p99 > 2s for 3s']);
    const endedBy = (purpose: 'close' | 'warm-up' | 'cool-down') =>
      probePhase(watched, { ...load, purpose }, 0).abortOn?.map(({ text }) => text);
    expect([endedBy('close'), endedBy('warm-up'), endedBy('cool-down')]).toEqual([
      ['p99 > 2s for 3s'],
      undefined,
      undefined,
    ]);
    const aborted = { condition: 'p99 > 2s for 3s', value: 3e6, atSeconds: 3 };
    expect(probeFrom({ ...outcome, aborted })?.aborted).toBe('p99 > 2s for 3s');
  });

  test('any other phase is none', () => {
    const { probe: _, ...phase } = outcome.phase;
    expect(probeFrom({ ...outcome, phase })).toBeUndefined();
  });
});

test('a plan says what is searched', () => {
  expect(settingsOf(plan)).toMatchObject({
    startPerSecond: 20,
    holdSeconds: 20,
    widthRatio: 0.05,
    budget: { seconds: 120, requests: 9000 },
    arrivals: 'poisson',
    objectives: [
      { text: 'p99 < 100ms', allowedRatio: 0.01, limitUs: 100_000 },
      { text: 'errors < 1%', allowedRatio: 0.01 },
      { text: 'mean < 80ms' },
    ],
  });
});

test('journeys with pauses take as long until a steady rate of arrivals is one of requests', () => {
  const pause = (meanUs: number) => ({ kind: 'pause', minUs: 0, spanUs: 0, meanUs }) as const;
  const scenario = (steps: ReturnType<typeof pause>[]) => ({ name: 's', weight: 1, onStart: [], steps });
  expect(journeySeconds({ scenarios: [scenario([])] })).toBe(0);
  // 1.5 × (1 + 1) s; the shorter journey is over by then.
  expect(journeySeconds({ scenarios: [scenario([pause(1e6), pause(1e6)]), scenario([pause(1e6)])] })).toBe(3);
});

test('a search of which nothing was run has no answer, and says why', () => {
  expect(capacityOf(settingsOf(plan), [])).toMatchObject({ verdict: 'unknown', probes: [] });
});
