import { parentPort, workerData } from 'node:worker_threads';
import { timerSettingIn } from './precision-timer.ts';

/** The timer's own thread: sleeps until the time that is set, posts a message, and sleeps until another time is set. */
const { changes, firesAtNs } = timerSettingIn(workerData as SharedArrayBuffer);

for (;;) {
  const seen = Atomics.load(changes, 0);
  const leftMs = Number(Atomics.load(firesAtNs, 0) - process.hrtime.bigint()) / 1e6;
  if (leftMs > 0) Atomics.wait(changes, 0, seen, leftMs);
  else {
    parentPort?.postMessage(0);
    Atomics.wait(changes, 0, seen);
  }
}
