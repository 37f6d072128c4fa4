import { storeAt } from '../../lib/adapters/aws/s3-store.ts';
import { messageOf, PlimsollError } from '../../lib/errors.ts';
import { PrecisionTimer } from '../thread/precision-timer.ts';
import { rehearse } from './rehearsal.ts';
import { rehearsalPlan } from './rehearsal-plan.ts';
import { runTask } from './task.ts';
import { taskExits, type TaskExit } from './exits.ts';
import { runOnceTask } from './once.ts';
import { onceInputFrom, TaskInputInvalid, taskInputFrom } from './task-input.ts';

/**
 * Entry of a generator's task: runs one worker's share of one phase as its environment says, or what the run takes once, with the same code as a thread on
 * a laptop does. Metrics go to standard output, one line a second; SIGTERM stops the load, and what is known is
 * stored. See exits.ts for how it ends.
 */
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort()).once('SIGINT', () => stopping.abort());

const publish = (line: string): void => void process.stdout.write(`${line}\n`);
const warn = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

async function exitOf(): Promise<TaskExit> {
  try {
    const { signal } = stopping;
    const once = onceInputFrom(process.env);
    if (once !== undefined) return await runOnceTask(once, { store: storeAt(once.storeAddress), signal, warn });
    const input = taskInputFrom(process.env);
    const store = storeAt(input.storeAddress);
    const timer = new PrecisionTimer();
    await Promise.all([timer.start(), rehearse(rehearsalPlan())]);
    return await runTask(input, { store, timer, signal, publish, warn });
  } catch (error) {
    warn(error instanceof PlimsollError ? `${error.code} ${error.message}` : messageOf(error));
    if (error instanceof TaskInputInvalid) return 'inputInvalid';
    return error instanceof PlimsollError ? 'storeFailed' : 'defect';
  }
}

const exit = await exitOf();
warn(`${exit}: ${taskExits[exit].means}`);
// Whatever may still be open, such as idle connections, must not keep a paid task alive. Writes to pipes are done by now.
process.exit(taskExits[exit].code);
