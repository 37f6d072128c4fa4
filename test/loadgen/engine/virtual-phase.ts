import { jest } from '@jest/globals';
import type { FailureKind } from '../../../lib/measure/failures.ts';
import { addInterval, emptyInterval, type Interval } from '../../../lib/measure/interval.ts';
import type { Feeder, Plan } from '../../../lib/plan/plan.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import type { Share } from '../../../lib/schedule/arrivals.ts';
import { runPhase } from '../../../loadgen/engine/phase.ts';
import { NodeTimer } from './node-timer.ts';
import type { Exchange, PoolKey, Outgoing, Sender, Settlement } from '../../../loadgen/senders/sender.ts';

/** What a sender that sends nothing answers, and when; `never` lets the deadline decide. */
export type Answer =
  | {
      readonly afterMs: number;
      readonly status?: number;
      readonly headers?: Record<string, string | string[]>;
      readonly body?: string;
    }
  | { readonly afterMs: number; readonly failure: FailureKind }
  | 'never';

/** A request as it was sent, `atUs` since the phase's start. */
export interface Sent extends Outgoing {
  readonly atUs: number;
}

interface Options {
  readonly share?: Share;
  readonly feeders?: readonly Feeder[];
  /** The load is stopped by hand at this time. */
  readonly abortAtMs?: number;
  /** Timers fire 1 ms early, as Node's may. */
  readonly timersEarly?: true;
}

export interface VirtualRun {
  readonly plan: Plan;
  readonly sent: readonly Sent[];
  readonly total: Interval;
}

type Part = Partial<PlanInput> & Pick<PlanInput, 'scenarios'>;

function settlementOf(answer: Exclude<Answer, 'never'>): Settlement {
  if ('failure' in answer) return { failure: answer.failure };
  const { status = 200, headers = {}, body = 'ok' } = answer;
  return { reply: { status, headers, body: Buffer.from(body) } };
}

/** Answers by itself, in the time of the test. */
class VirtualSender implements Sender {
  readonly sent: Sent[] = [];
  readonly #clock: () => number;
  readonly #answer: (request: Sent) => Answer;

  constructor(clock: () => number, answer: (request: Sent) => Answer) {
    this.#clock = clock;
    this.#answer = answer;
  }

  send(outgoing: Outgoing, _: PoolKey, settled: (settlement: Settlement) => void): Exchange {
    const request = { ...outgoing, atUs: this.#clock() };
    this.sent.push(request);
    const answer = this.#answer(request);
    const afterMs = answer === 'never' ? Number.POSITIVE_INFINITY : answer.afterMs;
    const isLate = afterMs > outgoing.deadlineUs / 1000;
    const settlement: Settlement = isLate || answer === 'never' ? { failure: 'timedOut' } : settlementOf(answer);
    const timer = setTimeout(() => settled(settlement), isLate ? outgoing.deadlineUs / 1000 : afterMs);
    return {
      cut: () => {
        clearTimeout(timer);
        queueMicrotask(() => settled({ failure: 'cut' }));
      },
    };
  }

  leave(): void {}

  close(): void {}
}

const LEAD_MS = 5;

/** An event loop that is at work turns more often than once a ms. */
const TURNS_A_MS = 4;

/** Takes no virtual time. */
const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Until the fake timers are put away. */
function fireEarly(): void {
  const exact = globalThis.setTimeout;
  const early = (run: () => void, ms = 0): NodeJS.Timeout => exact(run, ms > 1 ? ms - 1 : ms);
  globalThis.setTimeout = Object.assign(early, { __promisify__: exact.__promisify__ });
}

/**
 * Runs the first phase of a plan in virtual time: nothing is sent, nothing waits, and every time is exact. The engine is
 * the real one from the phase's loop to its record.
 */
export async function runVirtually(
  part: Part & { readonly load: Omit<NonNullable<PlanInput['phases']>[number], 'name' | 'kind'> },
  answer: (request: Sent) => Answer,
  { share = { index: 0, of: 1 }, feeders = [], abortAtMs, timersEarly }: Options = {},
): Promise<VirtualRun> {
  const { load, ...rest } = part;
  const phases: PlanInput['phases'] = [{ name: 'one', kind: 'sustained', ...load }];
  const plan = lowerPlan({ name: 'virtual', ...rest, phases }, { feeders });
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate', 'clearImmediate'] });
  if (timersEarly === true) fireEarly();
  try {
    const zeroMs = performance.now() + LEAD_MS;
    const sender = new VirtualSender(() => (performance.now() - zeroMs) * 1000, answer);
    const total = emptyInterval();
    const stopping = new AbortController();
    if (abortAtMs !== undefined) setTimeout(() => stopping.abort(), LEAD_MS + abortAtMs);
    const over = new AbortController();
    const assignment = {
      plan,
      phase: plan.phases[0]!,
      number: 0,
      target: 'http://a.test',
      share,
      startAtMs: performance.timeOrigin + zeroMs,
    };
    const run = runPhase(assignment, {
      sender,
      timer: new NodeTimer(),
      signal: stopping.signal,
      onInterval: (_, each) => addInterval(total, each),
    });
    void run.finally(() => over.abort());
    while (!over.signal.aborted) {
      await jest.advanceTimersByTimeAsync(1);
      for (let turn = 1; turn < TURNS_A_MS; turn += 1) await turnOfTheLoop();
    }
    await run;
    return { plan, sent: sender.sent, total };
  } finally {
    jest.useRealTimers();
  }
}

/** A plan of one scenario. */
export const scenarioOf = (...steps: PlanInput['scenarios'][number]['steps']): PlanInput['scenarios'] => [
  { name: 'all', steps },
];
