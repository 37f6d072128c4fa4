import { parentPort, workerData } from 'node:worker_threads';
import { faceOn } from './metronome.ts';

/** The metronome's thread: sleeps until the time that stands on its face, rings, and sleeps until that is changed. */
const { turn, ringsAt } = faceOn(workerData as SharedArrayBuffer);

for (;;) {
  const seen = Atomics.load(turn, 0);
  const leftMs = Number(Atomics.load(ringsAt, 0) - process.hrtime.bigint()) / 1e6;
  if (leftMs > 0) Atomics.wait(turn, 0, seen, leftMs);
  else {
    parentPort?.postMessage(0);
    Atomics.wait(turn, 0, seen);
  }
}
