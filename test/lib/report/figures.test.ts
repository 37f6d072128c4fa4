import { describe, expect, test } from '@jest/globals';
import {
  bottleneckName,
  failureCounts,
  frequentFailures,
  keyFigures,
  showMeasured,
} from '../../../lib/report/figures.ts';
import type { Report } from '../../../lib/report/report.ts';
import { brokenRun, COURSES, reportOf } from './fixture.ts';
import { emptyRun, nullRun, onePhase, partialRun, voidRun } from './fixture-edges.ts';

const figure = (report: Report, label: string): string => {
  const found = keyFigures(report).find((each) => each.label === label);
  return `${found?.value}; ${found?.note}`;
};

function alreadyBrokenRun(): Report {
  const report = brokenRun();
  const { breakingPoint } = report.summary;
  if (breakingPoint === undefined) throw new Error('the fixture breaks');
  const already = { ...breakingPoint, atSeconds: 0, alreadyBroken: true as const };
  return { ...report, summary: { ...report.summary, breakingPoint: already } };
}

describe('key figures', () => {
  test('the load that is carried comes from the phase that carried most and met every objective', () => {
    // 6,001 arrivals were due in 30 s and 2 failed: 199.97/s; the stress phase carried more, and failed.
    expect(figure(brokenRun(), 'Carried, objectives met')).toBe(
      '200/s; successful requests, in sustained: 200 arrivals/s',
    );
  });

  test('errors are counted over all phases', () => {
    // 2,214 timed out + 252 answered 503 + 95 reset = 2,561; 2,561 ÷ 28,835 = 8.88 %
    expect(figure(brokenRun(), 'Errors')).toBe('8.88 %; 2,561 of 28,835 requests, all phases');
  });

  test.each([
    ['it broke', brokenRun(), '412 users; at 660 arrivals/s, 16 s into stress: p99 < 500ms, fail > 600ms'],
    [
      'it was broken from the start',
      alreadyBrokenRun(),
      'below 412 users; already broken at 660 arrivals/s, 0 s into stress: p99 < 500ms, fail > 600ms',
    ],
    ['every judged phase held', onePhase(), 'not reached; within the load of this run'],
    ['a phase failed, but when is unknown', reportOf(COURSES), '–; objectives were missed, at no clear moment'],
    ['void phases prove nothing', voidRun(), '–; no valid phase was judged'],
    ['no phase ran', emptyRun(), '–; no valid phase was judged'],
  ])('breaking point: %s', (_, report, expected) => {
    expect(figure(report, 'Breaking point')).toBe(expected);
  });

  test.each([
    ['back after 6 s', brokenRun(), '6 s; until the service answered as before'],
    ['never back', partialRun(), 'not recovered; within the recovery phase'],
    ['not measured', onePhase(), '–; no recovery was measured'],
  ])('recovery: %s', (_, report, expected) => {
    expect(figure(report, 'Recovery')).toBe(expected);
  });

  test('no figure comes from a void phase', () => {
    expect(figure(voidRun(), 'Peak throughput')).toBe('–; no valid phase was measured');
    expect(figure(voidRun(), 'p99 response, sustained')).toBe('–; no valid sustained phase was measured');
  });
});

describe('measured values', () => {
  test.each([
    ['p99 < 500ms', 12_300, '12.3 ms'],
    ['service p95 < 1s', 2_000_000, '2 s'],
    ['errors < 0.5%', 0.0042, '0.42 %'],
    ['throughput > 100/s', 98.7, '98.7/s'],
    ['service.memory max < 85%', 3 * 1024 ** 2, '3 MiB'], // in the signal's own unit
    ['database.wait p99 < 10ms', 40_000, '40 ms'],
    ['p99 < 500ms', null, '–'],
  ])('%s: %d is shown as %s', (objective, value, expected) => {
    expect(showMeasured(brokenRun(), { objective, value, verdict: 'pass' })).toBe(expected);
  });
});

describe('failures', () => {
  test('come with their meaning and their phases, the most frequent first', () => {
    const counts = failureCounts(brokenRun().summary);
    expect(counts.map(({ kind, count }) => [kind, count])).toEqual([
      ['timed out', 2214],
      ['status.503', 252],
      ['reset', 95],
    ]);
    expect(counts[1]?.meaning).toBe('The reply has status 503, which the step does not accept.');
    expect(counts[2]?.byPhase).toEqual([
      ['warm-up', 1],
      ['sustained', 2],
      ['stress', 91],
      ['recovery', 1],
    ]);
  });

  test('are none where nothing was measured', () => {
    expect(failureCounts(emptyRun().summary)).toEqual([]);
    expect(keyFigures(nullRun())).toHaveLength(6);
  });
});

test.each([
  ['database.connections', undefined, 'database connections'],
  ['service.cpu', 'service.event-loop', 'service CPU'],
  ['database.io', undefined, 'database I/O'],
  ['retry-storm', undefined, 'retry storm'],
  ['unknown', 'host.cpu', 'machine CPU'],
  ['unknown', undefined, 'unknown'],
  ['none', undefined, 'none found'],
] as const)('the bottleneck %s, by signal %s, is called %s', (id, signal, name) => {
  expect(bottleneckName({ id, ...(signal !== undefined && { signal }) })).toBe(name);
});

test('a time-out has the example that its ledger has, as a failure has', () => {
  const { summary } = brokenRun();
  const examples = { timedOut: 'trace a', 'status.503': 'trace b', reset: 'trace c' };
  const phases = summary.phases.map((phase) => ({
    ...phase,
    scenarios: phase.scenarios.map((scenario) => ({
      ...scenario,
      steps: scenario.steps.map((step) => ({
        ...step,
        ledger: { ...step.ledger, sent: 9, failed: 3, failures: { 'status.503': 2, reset: 1 }, timedOut: 4, examples },
      })),
    })),
  }));
  const found = frequentFailures({ ...summary, phases });
  expect(new Set(found.map(({ kind, example }) => `${kind}: ${example}`))).toEqual(new Set(['timed out: trace a']));
});

test('the most frequent failures name step, kind and phase, three at the most', () => {
  const frequent = frequentFailures(brokenRun().summary);
  expect(frequent).toHaveLength(3);
  const counts = frequent.map(({ count }) => count);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  for (const { phase, step, kind, count, ofSent } of frequent) {
    const own = brokenRun().summary.phases.find(({ name }) => name === phase);
    const steps = (own?.scenarios ?? []).flatMap((scenario) => scenario.steps).filter(({ name }) => name === step);
    const matching = steps.filter(
      ({ ledger }) => (kind === 'timed out' ? ledger.timedOut : ledger.failures[kind]) === count,
    );
    expect(matching.map(({ ledger }) => count / ledger.sent)).toContain(ofSent);
  }
});
