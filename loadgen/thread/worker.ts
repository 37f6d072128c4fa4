import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../lib/errors.ts';
import type { HookThread } from '../hooks/thread.ts';
import { encodeInterval } from '../../lib/measure/encode.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { PrecisionTimer } from './precision-timer.ts';
import { rehearse } from '../task/rehearsal.ts';
import { runPhase, type PhaseAssignment } from '../engine/phase.ts';
import { senderFor } from '../senders/index.ts';

/** Entry of a generator's thread: runs one phase after another, each with connections of its own. */
const timer = new PrecisionTimer();
let hooks: HookThread | undefined;
let stopping = new AbortController();

const post = (message: FromWorker): void => parentPort?.postMessage(message);

/** Threads beside this one, and a plan's own code, are loaded before its first phase: that takes longer than arrivals have. */
async function prepare({ hooked, hasMoments }: Extract<ToWorker, { do: 'prepare' }>): Promise<void> {
  try {
    if (hasMoments) await timer.start();
    if (hooked !== undefined) {
      const { beginHooks } = await import('../hooks/begin.ts');
      hooks = await beginHooks(hooked.plan, hooked.target);
    }
    post({ did: 'prepare' });
  } catch (error) {
    post({ did: 'prepare', refused: messageOf(error) });
  }
}

async function run(assignment: PhaseAssignment): Promise<void> {
  stopping = new AbortController();
  const sender = await senderFor(assignment.plan, assignment.target);
  await runPhase(assignment, {
    sender,
    timer,
    hooks,
    signal: stopping.signal,
    onInterval: (second, interval) => {
      const key = { phase: assignment.number, worker: assignment.share.index, second };
      post({ did: 'interval', interval: encodeInterval(key, interval) });
    },
  });
  sender.close();
  hooks?.forgetAll();
  post({ did: 'done' });
}

await rehearse(workerData as Plan);
post({ did: 'ready' });

parentPort?.on('message', (message: ToWorker) => {
  if (message.do === 'stop') stopping.abort();
  else if (message.do === 'prepare') void prepare(message);
  // A rejection is a defect: as an uncaught error it ends the thread, and the generator reports it.
  else void run(message.assignment);
});
