import { describe, expect, test } from '@jest/globals';
import type { PhaseWindow } from '../../../lib/analysis/outcome.ts';
import { phasesThatCount, type Verdict } from '../../../lib/analysis/verdict.ts';
import { addStep, stepOf } from '../../../lib/measure/interval.ts';
import { firstBreak } from '../../../lib/analysis/breaking-point.ts';
import { judgePhase } from '../../../lib/analysis/phase.ts';
import { runVerdict } from '../../../lib/analysis/index.ts';
import { intervalOf, outcomeOf, times, type PhaseShape, type Second } from './measured.ts';
import { get, planOf } from '../run/plan.ts';
import { phaseSummary } from '../report/summaries.ts';

const window: PhaseWindow = { fromSeconds: 0, toSeconds: 10, signals: [] };
const summarise = (shape: PhaseShape, seconds: readonly Second[], ranSeconds = Math.max(1, seconds.length)) => {
  const outcome = outcomeOf(shape, seconds, { ranSeconds, startedAtMs: Date.UTC(2026, 10, 21) });
  return judgePhase(planOf([outcome.phase]), outcome, window);
};

describe("a phase's verdict", () => {
  const errors = ['errors < 0.5%, fail > 1%'];
  const late = { ok: 10, startDelayUs: 90_000 };
  test.each<readonly [string, PhaseShape, Second, Verdict]>([
    ['is the gravest of its objectives: pass', { objectives: errors }, { ok: 10 }, 'pass'],
    ['warn', { objectives: errors }, { ok: 992, timedOut: 8 }, 'warn'], // 0.8 %
    ['fail', { objectives: ['p99 < 1s', ...errors] }, { ok: 9, timedOut: 1 }, 'fail'],
    ['unknown', { objectives: ['service.cpu p99 < 80%', ...errors] }, { ok: 10 }, 'unknown'],
    ['fail outranks unknown', { objectives: ['service.cpu p99 < 80%', ...errors] }, { ok: 9, timedOut: 1 }, 'fail'],
    ['without objectives is pass', {}, { ok: 5, failed: { reset: 5 } }, 'pass'],
    ['where nothing was answered well is fail, objectives or not', {}, { failed: { reset: 5 }, timedOut: 1 }, 'fail'],
    ['where nothing was sent is unknown', {}, {}, 'unknown'],
    ['where nothing was sent is unknown, whatever the objectives', { objectives: ['errors < 1%'] }, {}, 'unknown'],
    ['where nothing came to an end is unknown', {}, { cut: 5 }, 'unknown'],
    ['of a pause, in which nothing was meant to be sent, is unknown', { level: 0 }, {}, 'unknown'],
    ['of a pause with objectives is unknown', { level: 0, objectives: ['errors < 1%'] }, {}, 'unknown'],
    ['is void where it is not valid, objectives met', { objectives: errors }, late, 'void'],
    ['is void where it is not valid, objectives missed', { objectives: ['p99 < 1us'] }, late, 'void'],
  ])('%s', (_, shape, second, verdict) => {
    const summary = summarise(shape, [second]);
    expect(summary.verdict).toBe(verdict);
    expect(summary.validity.verdict === 'void').toBe(verdict === 'void');
  });
});

describe("the run's verdict", () => {
  const warmUp = (verdict: Verdict) => phaseSummary(verdict, { kind: 'warm-up' });
  const pass = phaseSummary('pass');
  test.each<readonly [string, readonly ReturnType<typeof phaseSummary>[], boolean, Verdict]>([
    ['is the gravest of its phases', [pass, phaseSummary('warn'), pass], false, 'warn'],
    ['fail outranks void', [phaseSummary('fail'), phaseSummary('void')], false, 'fail'],
    ['void outranks unknown', [phaseSummary('unknown'), phaseSummary('void')], false, 'void'],
    ['warm-up has no say', [warmUp('fail'), pass], false, 'pass'],
    ['warm-up can not save it', [warmUp('pass'), phaseSummary('fail')], false, 'fail'],
    ['warm-up alone has', [warmUp('fail')], false, 'fail'],
    ['of no phase is unknown', [], false, 'unknown'],
    ['stopped early is unknown at best', [pass], true, 'unknown'],
    ['stopped early in warm-up is unknown', [warmUp('pass')], true, 'unknown'],
    ['stopped early it may have failed already', [pass, phaseSummary('fail')], true, 'fail'],
    ['stopped early it may be void already', [phaseSummary('void')], true, 'void'],
  ])('%s', (_, phases, interrupted, verdict) => {
    expect(runVerdict(phases, interrupted)).toBe(verdict);
  });

  test('counts all phases but warm-up, or warm-up where there is nothing else', () => {
    expect(phasesThatCount([warmUp('pass'), pass])).toEqual([pass]);
    expect(phasesThatCount([warmUp('pass')])).toHaveLength(1);
    expect(phasesThatCount([])).toEqual([]);
  });
});

test('a target that has collapsed fails its phase, however fast it refuses', () => {
  const refusing = times(3, { ok: 4, failed: { refused: 6 }, cpuRatio: 0.99 });
  expect(summarise({ objectives: ['p99 < 1s'] }, refusing)).toMatchObject({
    verdict: 'fail',
    validity: { verdict: 'valid' },
    objectives: [{ verdict: 'pass' }],
  });
});

describe("a phase's figures", () => {
  test('are of all its requests, and its throughput of those within it, by the time it ran', () => {
    const outcome = outcomeOf({ seconds: 2 }, [
      { ok: 30, timedOut: 10, cut: 2, dropped: 2 },
      { ok: 30, users: 3.5 },
      { ok: 5 },
    ]);
    const summary = judgePhase(planOf([outcome.phase]), outcome, window);
    expect(summary).toMatchObject({
      ledger: { sent: 77, ok: 65, failed: 0, timedOut: 10, cut: 2, failures: {} },
      arrivals: { due: 79, started: 77, dropped: 2, completed: 65, abandoned: 10, cut: 2 },
      durationSeconds: 2,
      offeredPerSecond: 39.5, // 79 in 2 s
      throughputPerSecond: 30, // 60 in 2 s; the five after its end stand in the ledger
      peakUsers: 4, // 3.5 rounded up
      responseTimeUs: { count: 75, max: 1000 },
    });
    expect(summary.errorRatio).toBe(10 / 75);
  });

  test('are null where nothing was measured, never 0 or NaN', () => {
    const summary = summarise({ objectives: ['p99 < 1s'] }, [{}]);
    expect(summary.errorRatio).toBeNull();
    expect(summary.responseTimeUs).toMatchObject({ count: 0, p99: null, max: null });
    expect(summary.objectives).toEqual([{ objective: 'p99 < 1s', value: null, verdict: 'unknown' }]);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  test('of a phase that was stopped before it began are finite', () => {
    const summary = summarise({}, [{}], 0);
    expect([summary.offeredPerSecond, summary.throughputPerSecond, summary.durationSeconds]).toEqual([0, 0, 0]);
  });

  test('are told of every step in the order of the plan, those never reached and those of one name included', () => {
    const outcome = outcomeOf({}, [{ ok: 3 }]);
    addStep(stepOf(outcome.measurement.total, 2), stepOf(intervalOf({ ok: 4 }), 0));
    const plan = planOf([outcome.phase], ['/a', '/never', '/a']);
    const [scenario] = judgePhase(plan, outcome, window).scenarios;
    expect(scenario?.steps.map(({ name, ledger }) => [name, ledger.ok])).toEqual([
      ['GET /a', 7], // 3 of step 0 and 4 of step 2
      ['GET /never', 0],
    ]);
  });

  test('of steps add up to those of the phase', () => {
    const plan = { ...planOf([], ['/a']), scenarios: [] };
    const outcome = outcomeOf({}, times(3, { ok: 2, failed: { reset: 1 } }));
    const scenarios = ['one', 'two'].map((name) => ({ name, weight: 1, onStart: [], steps: [get('/a')] }));
    const summary = judgePhase({ ...plan, scenarios }, outcome, window);
    const steps = summary.scenarios.flatMap((each) => each.steps);
    expect(steps.map(({ ledger }) => ledger.sent)).toEqual([9, 0]);
    expect(steps[0]?.ledger).toEqual(summary.ledger);
  });
});

describe('the breaking point', () => {
  const objectives = ['p99 < 500ms'];
  const slow = times(5, { ok: 10, responseUs: 700_000 });
  const lateAndSlow = times(5, { ok: 10, responseUs: 700_000, startDelayUs: 400_000 });

  test('is in the first phase that broke', () => {
    const outcomes = [
      outcomeOf({ name: 'calm', objectives }, times(5, { ok: 10 })),
      outcomeOf({ name: 'one', kind: 'stress', objectives }, slow),
      outcomeOf({ name: 'two', kind: 'stress', objectives }, slow),
    ];
    expect(firstBreak({ outcomes: outcomes })).toEqual({
      phase: 'one',
      perSecond: 10,
      atSeconds: 0,
      users: 1,
      objective: objectives[0],
    });
  });

  test('is never in a void phase', () => {
    const outcomes = [
      outcomeOf({ name: 'void', objectives }, lateAndSlow),
      outcomeOf({ name: 'valid', objectives }, slow),
    ];
    // What a void phase showed before is no evidence that the objective ever held.
    expect(firstBreak({ outcomes: outcomes })).toMatchObject({ phase: 'valid', alreadyBroken: true });
    expect(firstBreak({ outcomes: outcomes.slice(0, 1) })).toBeUndefined();
  });

  test('is never in recovery, which is there to be slow at first', () => {
    expect(firstBreak({ outcomes: [outcomeOf({ kind: 'recovery', objectives }, slow)] })).toBeUndefined();
  });

  test('is none of a run without phases', () => {
    expect(firstBreak({ outcomes: [] })).toBeUndefined();
  });
});
