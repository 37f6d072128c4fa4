import { addLedger, emptyLedger, type Ledger } from '../../lib/measure/ledger.ts';
import { Recorder } from '../../lib/measure/recorder.ts';
import type { JsonText } from '../../lib/document/exact-json.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { httpStepsOf, type Step } from '../../lib/plan/steps/index.ts';
import type { OnceFailure, OnceRecord } from '../../lib/measure/once.ts';
import { mayFollow, type AllowList } from '../../lib/run/safety.ts';
import { uniform01 } from '../../lib/schedule/random.ts';
import { SHARED_POOL, type Sender } from '../senders/sender.ts';
import { originsIn } from './address.ts';
import { phaseClock } from './clock.ts';
import { failureLook } from './reply/failure-look.ts';
import type { Hooks } from '../hooks/port.ts';
import { Journey } from './journey.ts';
import { compileSteps, type PhaseContext } from './program.ts';
import { nodeTimer, TimerQueue } from './timer-queue.ts';
import { User, type Value } from './user.ts';

/** Steps that one user goes through once. */
export interface OnceAssignment {
  readonly plan: Plan;
  readonly steps: readonly Step[];
  readonly target: string;
  readonly allowed: AllowList;
}

interface OncePorts {
  readonly sender: Sender;
  readonly signal: AbortSignal;
  /** Of a plan that has any. */
  readonly hooks?: Hooks | undefined;
  readonly judged?: PhaseContext['judged'];
}

export interface OnceEnd {
  readonly record: OnceRecord;
  /** As the plan's variables are. */
  readonly captured: Readonly<Record<string, JsonText>>;
  /** Of what is captured, the URL of the page on which it stood. */
  readonly pages: Readonly<Record<string, string>>;
}

/** Runs the steps to their end, to the first request that fails, or until `signal` is aborted. */
export async function runOnce(
  assignment: OnceAssignment,
  { sender, signal, hooks, judged }: OncePorts,
): Promise<OnceEnd> {
  const { plan, steps, target, allowed } = assignment;
  const written = originsIn(plan);
  const where = { target: new URL(target), mayLoad: (url: URL) => written.has(url.origin) || mayFollow(url, allowed) };
  const clock = phaseClock(Date.now());
  const { recorder, ledgers, failure } = ledgersOf(steps);
  const timerQueue = new TimerQueue(clock, nodeTimer());
  const look = failureLook(plan, process.env);
  const context = {
    clock,
    recorder,
    sender,
    timerQueue,
    look,
    ...(hooks !== undefined && { hooks }),
    judged,
    over: false,
  };
  const user = new User(0, SHARED_POOL, uniform01(plan.seed));
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const journey = new Journey(context, user, compileSteps(steps, plan, where), { ended: () => resolve() });
  const abort = (): void => journey.abort();
  signal.addEventListener('abort', abort, { once: true });
  journey.start(0, clock(), clock());
  await ended;
  signal.removeEventListener('abort', abort);
  timerQueue.close();
  const tookSeconds = clock() / 1e6;
  recorder.flush(clock());
  const failed = failure();
  const record = { tookSeconds, steps: ledgers, ...(failed !== undefined && { failure: failed }) };
  return { record, captured: capturedBy(steps, plan, user.variables), pages: Object.fromEntries(user.pages ?? []) };
}

/** Requests by the name of their step, and the first of them that failed. */
function ledgersOf(steps: readonly Step[]) {
  const names = httpStepsOf(steps).map(({ name }) => name);
  const ledgers: Record<string, Ledger> = {};
  let failure: OnceFailure | undefined;
  const recorder = new Recorder((_, { steps: records }) => {
    for (const [step, { ledger }] of records) {
      const name = names[step] ?? '';
      addLedger((ledgers[name] ??= emptyLedger()), ledger);
      failure ??= failureIn(name, ledger);
    }
  });
  return { recorder, ledgers, failure: () => failure };
}

function failureIn(step: string, { failures, examples, timedOut, cut }: Ledger): OnceFailure | undefined {
  const [kind] = Object.keys(failures);
  const detail = examples?.[kind ?? ''];
  if (kind !== undefined) return { step, kind: kind as OnceFailure['kind'], ...(detail !== undefined && { detail }) };
  if (timedOut > 0) return { step, kind: 'timedOut' };
  return cut > 0 ? { step, kind: 'cut' } : undefined;
}

/** What replies gave, and what hooks have set. */
const capturedBy = (
  steps: readonly Step[],
  { hooks }: Plan,
  variables: ReadonlyMap<string, Value>,
): Record<string, JsonText> =>
  Object.fromEntries(
    [...httpStepsOf(steps).flatMap(({ captures }) => captures.map(({ as }) => as)), ...Object.keys(hooks?.sets ?? {})]
      .filter((name) => variables.has(name))
      .map((name) => [name, JSON.stringify(variables.get(name))]),
  );
