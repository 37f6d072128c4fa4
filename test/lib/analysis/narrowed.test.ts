import { expect, test } from '@jest/globals';
import { measuredFor } from '../../../lib/analysis/capacity/phases.ts';
import { findBreak } from '../../../lib/analysis/breaking-point.ts';
import { judge } from '../../../lib/analysis/objectives.ts';
import { record } from '../../../lib/measure/histogram.ts';
import { emptyInterval, stepOf, type Interval } from '../../../lib/measure/interval.ts';
import { MeasurementBuilder } from '../../../lib/measure/measurement.ts';
import { requestNames, withSteps } from '../../../lib/plan/objective.ts';
import { decodeOutcome, encodeOutcome } from '../../../lib/run/archive/outcomes.ts';
import { planOf } from '../run/plan.ts';
import { objective, phaseOf } from './measured.ts';

const names = requestNames([
  { scenario: 'buy', step: 'home' },
  { scenario: 'buy', step: 'pay' },
]);

interface Requests {
  readonly ok?: number;
  readonly failures?: Readonly<Record<string, number>>;
  readonly timedOut?: number;
  readonly us?: number;
}

function second(...steps: readonly Requests[]): Interval {
  const interval = emptyInterval();
  for (const [number, { ok = 0, failures = {}, timedOut = 0, us = 1000 }] of steps.entries()) {
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    const { ledger, responseTime } = stepOf(interval, number);
    Object.assign(ledger, { sent: ok + failed + timedOut, ok, failed, timedOut, failures });
    for (let i = 0; i < ok + failed + timedOut; i += 1) record(responseTime, us);
  }
  return interval;
}

/** A phase as it comes back from the store. */
function outcomeOf(text: string, seconds: readonly Interval[]) {
  const judged = withSteps(objective(text), names);
  const phase = { ...phaseOf({ seconds: seconds.length }), objectives: [judged] };
  const builder = new MeasurementBuilder(seconds.length, measuredFor(phase, { ...planOf([]), phases: [phase] }));
  for (const [at, each] of seconds.entries()) builder.add(at, each);
  const outcome = { phase, startedAtMs: 0, ranSeconds: seconds.length, measurement: builder.build() };
  return { judged, outcome: decodeOutcome(encodeOutcome(outcome), phase) };
}

const valueOf = (text: string, seconds: readonly Interval[]): number => {
  const { judged, outcome } = outcomeOf(text, seconds);
  return judge(judged, outcome, { fromSeconds: 0, toSeconds: seconds.length, signals: [] }).value;
};

const fast = second({ ok: 90, us: 1000 }, { ok: 10, us: 1000 });
const slow = second({ ok: 90, us: 1000 }, { ok: 10, us: 2_000_000 });
const wrong = second({ ok: 8 }, { ok: 6, failures: { 'status.503': 3, 'status.404': 1, reset: 1 }, timedOut: 1 });

test.each([
  // Of 20 requests of both steps and 12 of the second one.
  ['5xx < 1%', 3 / 20],
  ['503 of pay < 1%', 3 / 12],
  ['502 < 1%', 0],
  ['4xx of pay < 1%', 1 / 12],
  ['timeouts of pay < 1%', 1 / 12],
  ['errors of pay < 1%', 6 / 12],
  ['availability of home > 1%', 1],
  ['throughput of pay > 1/s', 6],
  ['errors of scenario buy < 1%', 6 / 20],
])('%s reads %d', (text, value) => {
  expect(valueOf(text, [wrong])).toBeCloseTo(value, 12);
});

test('a step is judged by its own requests', () => {
  expect(valueOf('p99 of home < 1s', [slow, slow])).toBe(1000);
  expect(valueOf('p50 of pay < 1s', [slow, slow])).toBeGreaterThanOrEqual(2_000_000);
  expect(valueOf('p50 < 1s', [slow, slow])).toBe(1000);
});

test('a window shows the worst of its positions, and only full ones', () => {
  // Pay: 30 requests of which 10 are slow, in the worst two seconds 10 of 20.
  const seconds = [fast, slow, fast];
  expect(valueOf('p60 of pay < 1s', seconds)).toBe(1000);
  expect(valueOf('p49 of pay over 2s < 1s', seconds)).toBe(1000);
  expect(valueOf('p51 of pay over 2s < 1s', seconds)).toBeGreaterThanOrEqual(2_000_000);
  // 100 + 100, 100 + 0, 0 + 100 in two seconds.
  const calm = second({ ok: 0 });
  expect(valueOf('throughput over 2s > 1/s', [fast, fast, calm, fast])).toBe(50);
  // A shorter phase is one window.
  expect(valueOf('throughput over 9s > 1/s', [fast, calm])).toBe(50);
});

test('a service breaks where a step or a window does', () => {
  const seconds = [fast, fast, fast, slow, slow, slow, slow];
  expect(findBreak(outcomeOf('p50 of home < 1s', seconds).outcome)).toBeUndefined();
  expect(findBreak(outcomeOf('p50 of pay < 1s', seconds).outcome)).toMatchObject({ atSeconds: 3 });
  // The window that ends with the first slow second has half of it: more than 49 %.
  expect(findBreak(outcomeOf('p51 of pay over 2s < 1s', seconds).outcome)).toMatchObject({ atSeconds: 3 });
});
