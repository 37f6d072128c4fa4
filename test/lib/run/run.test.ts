import { describe, expect, test } from '@jest/globals';
import type { PhaseOutcome } from '../../../lib/analysis/outcome.ts';
import type { Verdict } from '../../../lib/analysis/verdict.ts';
import type { IntervalWire } from '../../../lib/measure/codec.ts';
import { encodeInterval } from '../../../lib/measure/encode.ts';
import type { Phase } from '../../../lib/plan/phase.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import { judgePhase } from '../../../lib/analysis/phase.ts';
import { runPlan, type RunPorts, type RunResult } from '../../../lib/run/run.ts';
import { intervalOf, phaseOf } from '../analysis/measured.ts';
import { planOf } from './plan.ts';

/** What the fake generator does in a phase: how it ends, and what happens meanwhile. */
interface Part {
  readonly lost?: string;
  /** The run is interrupted so long after the phase's start. */
  readonly interruptAfterMs?: number;
  readonly verdict?: Verdict;
}

interface Told {
  readonly result: RunResult;
  readonly events: readonly string[];
  readonly kept: readonly IntervalWire[];
  readonly judged: readonly PhaseOutcome[];
}

/** Runs a plan in no time at all: each phase tells two seconds of ten requests, then takes its planned time on a fake clock. */
async function runWith(plan: Plan, parts: readonly Part[], abortedBefore = false): Promise<Told> {
  const interrupt = new AbortController();
  if (abortedBefore) interrupt.abort();
  const [events, kept, judged]: [string[], IntervalWire[], PhaseOutcome[]] = [[], [], []];
  let nowMs = 1_000_000;
  const ports: RunPorts = {
    signal: interrupt.signal,
    workers: 1,
    // A slow disk.
    prepare: async () => void (nowMs += 500),
    nowMs: () => nowMs,
    append: (interval) => void kept.push(interval),
    generate: async ({ phase, number, startAtMs }, _, onInterval) => {
      const part = parts[plan.phases.indexOf(phase)] ?? {};
      events.push(`generate ${number} in ${startAtMs - nowMs} ms`);
      for (const second of [0, 1]) {
        onInterval(encodeInterval({ phase: number, worker: 0, second }, intervalOf({ ok: 10 })));
      }
      nowMs = startAtMs + (part.interruptAfterMs ?? phase.durationUs / 1000);
      if (part.interruptAfterMs !== undefined) interrupt.abort();
      return part.lost === undefined ? {} : { lost: part.lost };
    },
    judge: (outcome) => {
      judged.push(outcome);
      const summary = judgePhase(plan, outcome, { fromSeconds: 0, toSeconds: 0, signals: [] });
      const verdict = parts[plan.phases.indexOf(outcome.phase)]?.verdict;
      return verdict === undefined ? summary : { ...summary, verdict };
    },
    progress: {
      phaseStarted: ({ phase: { name } }) => void events.push(`started ${name}`),
      phaseEnded: ({ name, verdict }) => void events.push(`ended ${name} ${verdict}`),
    },
  };
  return { result: await runPlan(plan, ports), events, kept, judged };
}

const named = (name: string, shape: Partial<{ kind: Phase['kind']; stopOnFail: boolean }> = {}): Phase =>
  phaseOf({ name, seconds: 10, ...shape });
const three = planOf([named('a'), named('b'), named('c', { kind: 'recovery' })]);

describe('a run', () => {
  test('takes the phases in order, telling each before and after', async () => {
    const { result, events } = await runWith(three, []);
    expect(events).toEqual([
      'started a',
      'generate 0 in 50 ms',
      'ended a pass',
      'started b',
      'generate 1 in 50 ms',
      'ended b pass',
      'started c',
      'generate 2 in 50 ms',
      'ended c pass',
    ]);
    expect(result.phases.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(result.interrupted).toBe(false);
  });

  test('keeps every interval as it came, and measures by it', async () => {
    const { result, kept, judged } = await runWith(three, []);
    expect(kept.map(({ phase, second }) => [phase, second])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ]);
    expect(result.phases.map(({ ledger }) => ledger.ok)).toEqual([20, 20, 20]); // 2 s of 10
    expect(result.phases.map(({ throughputPerSecond }) => throughputPerSecond)).toEqual([2, 2, 2]); // 20 in 10 s
    expect(judged).toEqual(result.outcomes);
  });

  test('lets a verdict decide what comes next', async () => {
    const plan = planOf([named('a', { stopOnFail: true }), named('b'), named('c', { kind: 'recovery' })]);
    const { result } = await runWith(plan, [{ verdict: 'fail' }]);
    expect(result.phases.map(({ name }) => name)).toEqual(['a', 'c']);
  });

  test('with a lost worker has a void phase, which names the reason, and goes on', async () => {
    const { result } = await runWith(three, [{}, { lost: 'it ended with code 1' }]);
    expect(result.phases.map(({ verdict }) => verdict)).toEqual(['pass', 'void', 'pass']);
    expect(result.phases[1]?.validity.reasons.join()).toContain('it ended with code 1');
  });
});

describe('an interrupted run', () => {
  test('stops after the phase, which ran as long as it ran', async () => {
    const { result, events } = await runWith(three, [{}, { interruptAfterMs: 4000 }]);
    expect(result.interrupted).toBe(true);
    expect(events.filter((event) => event.startsWith('started'))).toEqual(['started a', 'started b']);
    expect(result.outcomes.map(({ ranSeconds }) => ranSeconds)).toEqual([10, 4]);
    expect(result.phases[1]?.throughputPerSecond).toBe(5); // 20 in 4 s
  });

  test('between a phase and its first arrival ran for no time', async () => {
    const { result } = await runWith(three, [{ interruptAfterMs: -20 }]);
    expect(result.outcomes.map(({ ranSeconds }) => ranSeconds)).toEqual([0]);
  });

  test('never runs longer than planned, however long the last replies took', async () => {
    const { result } = await runWith(three, [{ interruptAfterMs: 13_000 }]);
    expect(result.outcomes.map(({ ranSeconds }) => ranSeconds)).toEqual([10]);
  });

  test('before its first phase runs none', async () => {
    const { result, events } = await runWith(three, [], true);
    expect(events).toEqual([]);
    expect(result).toEqual({ outcomes: [], phases: [], interrupted: true });
  });
});
