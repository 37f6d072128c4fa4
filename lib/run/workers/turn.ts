import { PlimsollError } from '../../errors.ts';
import type { RunKeys } from '../archive/keys.ts';
import { phaseAt } from '../archive/phase-files.ts';
import { awaitFound, type WorkerPorts } from './waiting.ts';

/** What a worker does next: load the phase that was handed out, or end, since the run is over or the signal came. */
export type Turn = 'load' | 'over' | 'stopped';

/**
 * Waits until the phase of this number is handed out, or the run is over.
 * @throws PlimsollError E-LOAD-START where neither has come for so long
 */
export async function awaitTurn(
  ports: WorkerPorts,
  keys: RunKeys,
  { number, patienceMs }: { readonly number: number; readonly patienceMs: number },
): Promise<Turn> {
  const isThere = async (key: string): Promise<boolean> => (await ports.store.get(key)) !== undefined;
  const look = async (): Promise<Turn | undefined> => {
    if (await isThere(keys.ended)) return 'over';
    if ((await phaseAt(ports.store, keys.phase(number))) !== undefined) return 'load';
    return (await isThere(keys.reporting)) ? 'over' : undefined;
  };
  const turn = await awaitFound(ports, look, ports.nowMs() + patienceMs);
  if (turn !== 'late') return turn;
  const sentence = `worker 0 has handed out no phase ${number} for ${patienceMs / 1000} s, and has not ended the run`;
  throw new PlimsollError('E-LOAD-START', sentence);
}
