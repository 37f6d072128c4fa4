import {
  beginSetup,
  describeOnceFailure,
  onceRecord,
  readHandedOn,
  setupState,
  storeHandedOn,
  storeOnce,
} from '../../lib/run/archive/once-files.ts';
import { readRun, type StoredRun } from '../../lib/run/archive/run-record.ts';
import type { Store } from '../../lib/run/archive/store.ts';
import { asChecks, withCaptured } from '../../lib/plan/plan.ts';
import { sendOnce, type OnceWhere } from './steps-once.ts';
import type { TaskExit } from './exits.ts';

/** What one task sends for the whole run: `setup` before the first phase; `last`, the checks and then the teardown, after the last. */
export type OnceSteps = 'setup' | 'last';

interface OnceTaskPorts {
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly warn: (sentence: string) => void;
}

export async function runOnceTask(
  { runId, steps }: { readonly runId: string; readonly steps: OnceSteps },
  ports: OnceTaskPorts,
): Promise<TaskExit> {
  const stored = await readRun(ports.store, runId);
  const isWhole = steps === 'setup' ? await setUpStored(stored, ports) : await sendLastStored(stored, ports);
  if (isWhole) return 'onceDone';
  return ports.signal.aborted ? 'stopped' : 'setupFailed';
}

const whereOf = ({ facts }: StoredRun): OnceWhere => ({
  target: new URL(facts.target),
  allowed: facts.allow ?? { hosts: [], production: [] },
});

/**
 * Runs the setup of a stored run, and stores what it hands on to the workers. False where the run may not begin: it failed, was
 * stopped, or was begun before and came to no end, for what it has made can't be made a second time.
 */
export async function setUpStored(stored: StoredRun, { store, signal, warn }: OnceTaskPorts): Promise<boolean> {
  const { plan, keys, facts } = stored;
  const state = await setupState(store, keys, plan);
  if (plan.setup === undefined || state === 'done') return true;
  if (state === 'failed') return false;
  // The step that ends a run may not see this task yet, and so can't stop it: lib/run/workflow/abort.ts.
  if ((await store.get(keys.ended)) !== undefined) {
    warn('the run was ended before its setup had begun');
    return false;
  }
  if (!(await beginSetup(store, keys))) {
    warn('the setup was begun before, and did not come to its end');
    return false;
  }
  const { record, captured, pages } = await sendOnce(plan, plan.setup, whereOf(stored), signal);
  if (signal.aborted) return false;
  if (record.failure !== undefined) warn(`the setup failed: ${describeOnceFailure(record.failure)}`);
  else await storeHandedOn(store, facts.id, { captured, pages });
  await storeOnce(store, keys, 'setup', record);
  return record.failure === undefined;
}

/** The checks first: the teardown takes away what they look at. Nothing is sent where the setup did not come to its end. */
export async function sendLastStored(stored: StoredRun, { store, signal, warn }: OnceTaskPorts): Promise<boolean> {
  const { keys, facts } = stored;
  if (['failed', 'unfinished'].includes(await setupState(store, keys, stored.plan))) return true;
  const plan = withCaptured(stored.plan, await readHandedOn(store, facts.id));
  for (const name of ['checks', 'teardown'] as const) {
    const steps = plan[name];
    if (steps === undefined || (await onceRecord(store, keys, name)) !== undefined) continue;
    const { record } = await sendOnce(name === 'checks' ? asChecks(plan) : plan, steps, whereOf(stored), signal);
    if (signal.aborted) return false;
    if (record.failure !== undefined) warn(`${name}: ${describeOnceFailure(record.failure)}`);
    await storeOnce(store, keys, name, record);
  }
  return true;
}
