import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PlimsollError } from '../../errors.ts';
import { runKeys } from '../keys.ts';
import { runOf } from './kept-run.ts';
import type { CloudPorts } from './ports.ts';

const failure = z.object({ Error: z.string(), Cause: z.string() });
const state = z.object({ error: failure.optional(), status: z.string().optional() });

/** What an abort leaves to do: a report of what is known, or nothing where there is no run or its report stands already. */
export type Aborted =
  | { readonly do: 'report'; readonly run: string; readonly aborted: string; readonly stopped: number }
  | { readonly do: 'nothing'; readonly aborted: string };

/**
 * Ends the load of an execution that broke off or was stopped, and returns when none of its tasks is left. Knows the execution
 * alone, so that it works after a crash of any step.
 *
 * @throws PlimsollError E-LOAD-STOP where tasks are left after `patienceMs`
 */
export async function abort(
  ports: Pick<CloudPorts, 'store' | 'tasks' | 'nowMs'>,
  order: { execution: string; state: unknown },
  patienceMs = 120_000,
): Promise<Aborted> {
  const aborted = reasonOf(order.state);
  const run = await runOf(ports.store, order.execution);
  if (run === undefined || (await isReported(ports, run))) return { do: 'nothing', aborted };
  const stopped = await stopTasks(ports, run, { reason: aborted, patienceMs });
  return { do: 'report', run, aborted, stopped };
}

/** One line: the error of a step, or how the execution ended. */
function reasonOf(given: unknown): string {
  const { error, status } = state.parse(given);
  if (error === undefined) return status === undefined ? 'the execution broke off' : `the execution ended: ${status}`;
  return `${error.Error}: ${messageIn(error.Cause)}`;
}

const thrown = z.object({ errorMessage: z.string() });

/** A function's error comes as JSON with a stack, a task's as JSON of the whole task. */
function messageIn(cause: string): string {
  try {
    return thrown.parse(JSON.parse(cause)).errorMessage;
  } catch {
    return cause.slice(0, 200);
  }
}

const isReported = async ({ store }: Pick<CloudPorts, 'store'>, run: string): Promise<boolean> =>
  (await store.get(runKeys(run).file('summary.json'))) !== undefined;

const POLL_MS = 500;

/** Stops every task of the run until none is left, and returns how many there were. */
async function stopTasks(
  ports: Pick<CloudPorts, 'tasks' | 'nowMs'>,
  run: string,
  { reason, patienceMs }: { reason: string; patienceMs: number },
): Promise<number> {
  const seen = new Set<string>();
  for (const untilMs = ports.nowMs() + patienceMs; ; await sleep(POLL_MS)) {
    const left = await ports.tasks.listRunning(run);
    if (left.length === 0) return seen.size;
    if (ports.nowMs() > untilMs)
      throw new PlimsollError('E-LOAD-STOP', `${left.length} tasks of ${run} still run`, left);
    // Some may have been started only after the last look.
    await Promise.all(left.filter((arn) => !seen.has(arn)).map((arn) => ports.tasks.stop(arn, `Plimsoll: ${reason}`)));
    for (const arn of left) seen.add(arn);
  }
}
