import { PlimsollError } from '../../errors.ts';
import { decideAfter, type Decision } from '../after-phase.ts';
import { phaseAt, startedAtMs } from '../archive/phase-files.ts';
import type { StoredRun } from '../archive/run-record.ts';
import { awaitFound, type WorkerPorts } from './waiting.ts';

/** After the last request could be settled: a worker's last chunk, and its start anew where it was killed. */
const LAST_WORDS_MS = 30_000;

/**
 * What worker 0 does when its own share of a phase is over: waits for the others' last words, decides what comes next, and hands it
 * out or says that the run is over. A worker that leaves no last word is waited for until the phase and its requests must be over,
 * and is lost. Undefined where the phase was never started, which ends the run, where the next one is handed out already, and where
 * the signal came.
 */
export async function closePhase(ports: WorkerPorts, stored: StoredRun, number: number): Promise<Decision | undefined> {
  const { store } = ports;
  const { keys } = stored;
  // A worker 0 that was started anew may meet what it had decided before, by what it knew then.
  if ((await phaseAt(store, keys.phase(number + 1))) !== undefined) return undefined;
  if ((await awaitEnds(ports, stored, number)) === 'stopped') return undefined;
  try {
    const decision = await decideAfter(store, stored, { number, seriesOf: async () => [] });
    if (!('phase' in decision.decided)) await store.put(keys.reporting, '{}');
    return decision;
  } catch (error) {
    if (!(error instanceof PlimsollError) || error.code !== 'E-LOAD-START') throw error;
    await store.put(keys.ended, JSON.stringify({ why: error.message }));
    return undefined;
  }
}

async function awaitEnds(ports: WorkerPorts, { keys, facts, plan }: StoredRun, number: number): Promise<unknown> {
  const { store } = ports;
  const phaseKeys = keys.phase(number);
  const phase = (await phaseAt(store, phaseKeys))?.phase;
  const startMs = await startedAtMs(store, phaseKeys);
  if (phase === undefined || startMs === undefined) return undefined;
  const untilMs = startMs + (phase.durationUs + plan.timeoutUs) / 1000 + LAST_WORDS_MS;
  const look = async (): Promise<true | undefined> => {
    const said = await Array.fromAsync(store.list(phaseKeys.endPrefix));
    return said.length === facts.workers ? true : undefined;
  };
  return await awaitFound(ports, look, untilMs);
}
