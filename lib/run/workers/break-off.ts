import { startedAtMs } from '../archive/phase-files.ts';
import { readState, type StoredRun } from '../archive/run-record.ts';
import { awaitFound, type WorkerPorts } from './waiting.ts';

/** Of the 30 s that Kubernetes leaves a pod by default; the checks and the teardown need the rest. */
const LAST_WORDS_MS = 10_000;

/**
 * Ends a run whose worker 0 was stopped and has a teardown to send: it can not know whether it is started anew, and if it is, it
 * must load nothing of what was torn down. The others, which are mostly stopped too, have some seconds for their last words.
 */
export async function breakOff(ports: WorkerPorts, { keys, facts }: StoredRun): Promise<void> {
  const { store } = ports;
  await store.put(keys.ended, JSON.stringify({ why: 'worker 0 was stopped' }), 'absent');
  const { handedOut } = await readState(store, keys);
  if (handedOut === 0) return;
  const phaseKeys = keys.phase(handedOut - 1);
  if ((await startedAtMs(store, phaseKeys)) === undefined) return;
  const look = async (): Promise<true | undefined> =>
    (await Array.fromAsync(store.list(phaseKeys.endPrefix))).length === facts.workers ? true : undefined;
  await awaitFound(ports, look, ports.nowMs() + LAST_WORDS_MS);
}
