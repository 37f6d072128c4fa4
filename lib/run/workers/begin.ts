import { PlimsollError } from '../../errors.ts';
import type { Plan } from '../../plan/plan.ts';
import { describeSetupFailure, onceRecord } from '../archive/once-files.ts';
import { phaseAt } from '../archive/phase-files.ts';
import {
  readRun,
  runOf,
  storeDecision,
  storeRunOfExecution,
  type RunFacts,
  type StoredRun,
} from '../archive/run-record.ts';
import { next, NOT_BEGUN } from '../next.ts';
import { runId } from '../run-id.ts';
import { refuseUnshared, unreadObjectives } from '../shared-load.ts';
import { awaitFound, type WorkerPorts } from './waiting.ts';

/** A run that workers are about to make. */
export interface SharedRun {
  readonly plan: Plan;
  readonly facts: Omit<RunFacts, 'id' | 'startedAt' | 'execution'>;
}

/**
 * What worker 0 begins with: fixes the run, sets it up, and hands out its first phase. `setUp` is false where the setup failed. `execution` is what all workers call the run before it has
 * an id. Once the execution has a run this one stays, however often the worker is started again, and nothing is prepared a second time.
 *
 * @throws PlimsollError E-SETUP, E-INTERRUPTED, E-PLAN-ABORT, E-PLAN-SIGNAL; and what `prepare` throws
 */
export async function beginShared(
  ports: WorkerPorts,
  execution: string,
  prepare: () => Promise<SharedRun>,
  setUp: (stored: StoredRun) => Promise<boolean>,
): Promise<StoredRun> {
  const { store } = ports;
  const id = (await runOf(store, execution)) ?? (await fix());
  const stored = await readRun(store, id);
  if ((await phaseAt(store, stored.keys.phase(0))) !== undefined) return stored;
  if (!(await setUp(stored))) throw await setupFailed(ports, stored);
  await storeDecision(store, stored.keys, next({ plan: stored.plan, ...NOT_BEGUN }));
  return stored;

  async function fix(): Promise<string> {
    const { plan, facts } = await prepare();
    refuseUnwalked(plan);
    const startedAtMs = ports.nowMs();
    // Two executions may begin in one second, and of those in a cluster no lock makes one wait.
    const made = runId(startedAtMs, { name: `${execution.slice(-8)} ${plan.name}` });
    const startedAt = new Date(startedAtMs).toISOString();
    await storeRunOfExecution(store, { plan, facts: { ...facts, execution, id: made, startedAt } });
    return made;
  }
}

/** The others wait for a first phase, and learn here that there is none. */
async function setupFailed({ store, signal }: WorkerPorts, { plan, keys }: StoredRun): Promise<PlimsollError> {
  if (signal.aborted) return new PlimsollError('E-INTERRUPTED', 'The run was stopped in its setup.');
  const record = await onceRecord(store, keys, 'setup');
  const why = record === undefined ? 'it was begun before, and broke off' : describeSetupFailure(plan, record);
  await store.put(keys.ended, JSON.stringify({ why: `the setup failed: ${why}` }));
  return new PlimsollError('E-SETUP', `The setup failed: ${why}`);
}

function refuseUnwalked(plan: Plan): void {
  refuseUnshared(plan);
  const texts = unreadObjectives(plan, () => false);
  if (texts.length === 0) return;
  throw new PlimsollError('E-PLAN-SIGNAL', 'the plan has objectives on signals, which workers do not read', texts);
}

/**
 * The run that worker 0 has begun, as the others find it; `stopped` where the signal came first.
 * @throws PlimsollError E-LOAD-START where it has begun none for so long
 */
export async function awaitRun(
  ports: WorkerPorts,
  execution: string,
  patienceMs: number,
): Promise<StoredRun | 'stopped'> {
  const run = await awaitFound(ports, () => runOf(ports.store, execution), ports.nowMs() + patienceMs);
  if (run === 'late')
    throw new PlimsollError('E-LOAD-START', `worker 0 has begun no run ${execution} for ${patienceMs / 1000} s`);
  return run === 'stopped' ? run : await readRun(ports.store, run);
}
