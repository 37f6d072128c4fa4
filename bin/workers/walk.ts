import { readState, type StoredRun } from '../../lib/run/archive/run-record.ts';
import { awaitTurn } from '../../lib/run/workers/turn.ts';
import type { WorkerPorts } from '../../lib/run/workers/waiting.ts';
import { taskExits } from '../../loadgen/task/exits.ts';
import { rehearse } from '../../loadgen/task/rehearsal.ts';
import { rehearsalPlan } from '../../loadgen/task/rehearsal-plan.ts';
import { runTask } from '../../loadgen/task/task.ts';
import { PrecisionTimer } from '../../loadgen/thread/precision-timer.ts';
import { printMessage } from '../terminal.ts';
import type { WorkerInput } from './worker-input.ts';

/** Worker 0 may be started anew meanwhile, on another node, and put the phase together: minutes, of which none is loaded. */
export const PATIENCE_MS = 600_000;

/**
 * Loads this worker's share of one phase after another, as they are handed out, until the run is over. One that is started anew begins
 * with the phase that was handed out last. `closed` is awaited after each.
 */
export async function walkRun(
  ports: WorkerPorts,
  { keys, facts }: StoredRun,
  input: WorkerInput,
  closed: (number: number) => Promise<void>,
): Promise<'over' | 'stopped'> {
  const timer = new PrecisionTimer();
  await Promise.all([timer.start(), rehearse(rehearsalPlan())]);
  const { handedOut } = await readState(ports.store, keys);
  for (let number = Math.max(0, handedOut - 1); ; number += 1) {
    const turn = await awaitTurn(ports, keys, { number, patienceMs: PATIENCE_MS });
    if (turn !== 'load') return turn;
    const exit = await runTask(
      { ...input, runId: facts.id, phase: number },
      { ...ports, timer, publish: () => undefined, warn: printMessage },
    );
    printMessage(`phase ${number}: ${exit}: ${taskExits[exit].means}`);
    if (ports.signal.aborted) return 'stopped';
    await closed(number);
  }
}
