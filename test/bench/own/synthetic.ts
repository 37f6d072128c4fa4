import type { IntervalWire } from '../../../lib/measure/codec.ts';
import { encodeInterval } from '../../../lib/measure/encode.ts';
import { Recorder } from '../../../lib/measure/recorder.ts';
import { uniform01 } from '../../../lib/schedule/random.ts';

const STEPS = 5;

/**
 * What a worker would have recorded: `perSecond` requests over five steps, response times exponential around 5 ms with a
 * thin tail to a second, which fills the histograms as a real service does. Repeatable.
 */
export function* syntheticIntervals(seconds: number, perSecond: number, worker: number): Generator<IntervalWire, void> {
  const random = uniform01(worker + 1);
  const ready: IntervalWire[] = [];
  const recorder = new Recorder((second, interval) => {
    ready.push(encodeInterval({ phase: 0, worker, second }, interval));
  });
  for (let second = 0; second < seconds; second += 1) {
    for (let n = 0; n < perSecond; n += 1) recordOne(recorder, second * 1e6 + (n * 1e6) / perSecond, n, random);
    yield* ready.splice(0);
  }
  recorder.flush(seconds * 1e6 - 1);
  yield* ready.splice(0);
}

function recordOne(recorder: Recorder, atUs: number, n: number, random: () => number): void {
  const serviceUs = random() < 0.001 ? 1e6 * random() : -5000 * Math.log1p(-random());
  const lateUs = 100 * random();
  recorder.arrival(atUs, 'due');
  recorder.arrival(atUs, 'started');
  recorder.startDelay(atUs, lateUs);
  recorder.sent(atUs, n % STEPS);
  recorder.ended({
    step: n % STEPS,
    intendedUs: atUs - serviceUs - lateUs,
    sentUs: atUs - serviceUs,
    endedUs: atUs,
    outcome: 'ok',
  });
  recorder.arrival(atUs, 'completed');
  if (n % 100 === 0) recorder.eventLoopDelay(atUs, 200 * random());
}
