import { messageOf } from '../../lib/errors.ts';
import { encodeInterval } from '../../lib/measure/encode.ts';
import { runKeys } from '../../lib/run/archive/keys.ts';
import type { WorkerEnd } from '../../lib/run/archive/phase-files.ts';
import type { Store } from '../../lib/run/archive/store.ts';
import { agreeOnStart } from './barrier.ts';
import { Chunks } from './chunks.ts';
import { emfLine } from '../../lib/outputs/emf.ts';
import { runPhase, type PhasePorts } from '../engine/phase.ts';
import { senderFor } from '../senders/index.ts';
import type { TaskExit } from './exits.ts';
import { drawnOf } from './feeder-rows.ts';
import { readAssignment, type Assignment, type TaskInput } from './task-input.ts';

export interface TaskPorts extends Pick<PhasePorts, 'timer'> {
  readonly store: Store;
  /** Aborted: the load stops at once, and what is known is stored. */
  readonly signal: AbortSignal;
  /** Takes a line of metrics a second. */
  readonly publish: (line: string) => void;
  readonly warn: (sentence: string) => void;
}

/** One worker's share of one phase, from the first look at the plan to the last interval in the store. */
export async function runTask(input: TaskInput, ports: TaskPorts): Promise<TaskExit> {
  const { store, signal } = ports;
  const assignment = await readAssignment(store, input);
  const { keys } = assignment;
  const waitMs = input.barrierSeconds * 1000;
  const agreed = await agreeOnStart({ store, keys, share: input.share, waitMs, signal });
  if (agreed === 'tooLate') {
    await storeEnd(ports, input, assignment, { lost: 'its task began after the phase had' });
    return agreed;
  }
  if ('refused' in agreed) {
    ports.warn(agreed.refused);
    return signal.aborted ? 'stopped' : 'notStarted';
  }
  if (await isEnded(store, input)) return 'stopped';
  const end = await load(input, agreed.startAtMs, assignment, ports);
  await storeEnd(ports, input, assignment, end);
  return signal.aborted ? 'stopped' : 'done';
}

/** The step that ends a run may not see this task yet, and so can't stop it. See lib/run/workflow/abort.ts. */
const isEnded = async (store: Store, { runId }: TaskInput): Promise<boolean> =>
  (await store.get(runKeys(runId).ended)) !== undefined;

async function load(
  input: TaskInput,
  startAtMs: number,
  { keys, ...assignment }: Assignment,
  { store, signal, publish, warn, timer }: TaskPorts,
): Promise<WorkerEnd> {
  const { phase: number, share, environment } = input;
  const chunks = new Chunks(store, keys, share.index, (error) => warn(`intervals wait: ${messageOf(error)}`));
  const { name, durationUs } = assignment.phase;
  const phase = { name, number, startAtMs, durationUs };
  const sender = await senderFor(assignment.plan, assignment.target);
  try {
    await runPhase(
      { ...assignment, number, share, startAtMs },
      {
        sender,
        timer,
        signal,
        onInterval: (second, interval) => {
          chunks.add(encodeInterval({ phase: number, worker: share.index, second }, interval));
          publish(emfLine({ environment, phase, share, second, interval }));
        },
      },
    );
  } finally {
    sender.close();
    await chunks.close();
  }
  if (!signal.aborted) return drawnOf(assignment.plan);
  const seconds = Math.max(0, Date.now() - startAtMs) / 1000;
  return { ...drawnOf(assignment.plan), lost: `it was stopped ${seconds.toFixed(1)} s after the phase's start` };
}

/** Only the first end is stored: a task that comes too late must not hide why the one before it was lost. */
async function storeEnd(
  { store }: TaskPorts,
  { share }: TaskInput,
  { keys }: Assignment,
  end: WorkerEnd,
): Promise<void> {
  await store.put(keys.end(share.index), JSON.stringify(end), 'absent');
}
