import { z } from 'zod';
import { PlimsollError } from '../../errors.ts';
import { LOCK_KEY } from './keys.ts';
import { isDamaged, readJson, type Store } from './store.ts';
import { runName } from './run-record.ts';
import type { CloudPorts, Executions, Tasks } from '../workflow/ports.ts';

const lock = z.object({ execution: z.string(), run: runName });

/** Who runs: the execution, by its ARN, and the run it makes. */
export type Lock = z.infer<typeof lock>;

interface LockPorts extends Pick<CloudPorts, 'store'> {
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly tasks: Pick<Tasks, 'listRunning'>;
}

/** A lock let go is written over, not deleted: only a put has a condition, so one that was taken over meanwhile stays. */
const FREE = 'free';

/** Another execution may write the lock between a reading and a put; after so many lost attempts there is an error. */
const TRIES = 5;

/**
 * Takes the one lock of the environment, and returns its holder: `wanted`, or the one that held it before. A lock whose
 * execution has ended is taken over, once its tasks are gone.
 *
 * @throws PlimsollError E-RUN-IN-PROGRESS where others start at the same moment
 */
export async function takeLock(ports: LockPorts, wanted: Lock): Promise<Lock> {
  const body = JSON.stringify(wanted);
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await ports.store.put(LOCK_KEY, body, 'absent')) return wanted;
    const found = await readLock(ports.store);
    if (found === undefined) continue;
    const { holder, version } = found;
    if (holder !== undefined && (holder.execution === wanted.execution || (await isHeld(ports, holder)))) return holder;
    if (await ports.store.put(LOCK_KEY, body, { unchangedSince: version })) return wanted;
  }
  throw new PlimsollError('E-RUN-IN-PROGRESS', 'several executions were started at the same moment.');
}

/** The holder of the lock; undefined where it is free. */
export const lockHolder = async (store: Store): Promise<Lock | undefined> => (await readLock(store))?.holder;

/** Lets the lock go if this execution holds it. One that can't be read names no holder, and is no reason to fail at the end. */
export async function releaseLock(store: Store, execution: string): Promise<void> {
  const found = await readLock(store).catch((error: unknown) => {
    if (!isDamaged(error)) throw error;
  });
  if (found?.holder?.execution === execution) await store.put(LOCK_KEY, FREE, { unchangedSince: found.version });
}

async function readLock(store: Store): Promise<{ holder?: Lock; version: string } | undefined> {
  const stored = await store.get(LOCK_KEY);
  if (stored === undefined) return undefined;
  const text = new TextDecoder().decode(stored.body);
  const { version } = stored;
  return text === FREE ? { version } : { version, holder: readJson(LOCK_KEY, text, (value) => lock.parse(value)) };
}

async function isHeld({ executions, tasks }: LockPorts, { execution, run }: Lock): Promise<boolean> {
  return (await executions.isRunning(execution)) || (await tasks.listRunning(run)).length > 0;
}
