import { type Case, errors, simulated, slope } from './cases.ts';
import { constant, freezing, queue, random, type Work } from './servers.ts';
import {
  changingAt,
  failingAbove,
  inBatches,
  processorSharing,
  tokenBucket,
  twoKinds,
  withStragglers,
  withVacations,
} from './unseen-servers.ts';

const hyper = (seed: number): Work =>
  twoKinds({ quick: random(0.001, seed), long: random(0.021, seed + 1) }, 0.05, seed + 2);

/** Servers that the search was not made with. Truths by `bench.ts truth`, all of a long run. */
export const unseenCases: readonly Case[] = [
  simulated(
    'vacations of 50 ms, M/M/1 500/s, p99 < 150 ms',
    (seed) => withVacations(random(1 / 500, seed), 0.05),
    slope(10, 150),
    464.2,
  ),
  simulated('batches of 16 in 40 ms, p99 < 150 ms', () => inBatches(16, 0.04), slope(10, 150), 375.0),
  simulated(
    'processor sharing 500/s, p99 < 200 ms',
    (seed) => processorSharing(random(1 / 500, seed)),
    slope(10, 200),
    461.7,
  ),
  simulated('5 % take 21 times as long, 500/s, p99 < 250 ms', (seed) => queue(1, hyper(seed)), slope(10, 250), 382.3),
  simulated(
    'M/M/1 600/s, 400/s from the 40th second on, p99 < 100 ms',
    (seed) => queue(1, changingAt(40, 1.5, random(1 / 600, seed))),
    slope(10, 100),
    353.9,
  ),
  simulated(
    'M/M/1 200/s, 400/s from the 60th second on, p99 < 100 ms',
    (seed) => queue(1, changingAt(60, 0.5, random(1 / 200, seed))),
    slope(10, 100),
    353.9,
  ),
  simulated(
    'token bucket of 150/s, 20 saved, errors < 1 %',
    () => tokenBucket(150, 20, queue(8, constant(0.005))),
    errors(10),
    143.5,
  ),
  simulated(
    'token bucket of 150/s, 500 saved, errors < 1 %',
    () => tokenBucket(150, 500, queue(8, constant(0.005))),
    errors(10),
    151.4,
  ),
  simulated(
    'errors 0.2 %, and 3 % above 300/s, errors < 1 %',
    (seed) => failingAbove(300, { below: 0.002, above: 0.03 }, seed),
    errors(10),
    290.8,
  ),
  simulated(
    '0.5 % take 2 s, M/M/1 500/s, p99 < 100 ms',
    (seed) => withStragglers(queue(1, random(1 / 500, seed)), 0.005, 2, seed + 9),
    slope(10, 100),
    448.2,
  ),
  simulated(
    'pause of 200 ms every 7 s, M/M/1 500/s, p99 < 250 ms',
    (seed) => freezing(queue(1, random(1 / 500, seed)), 7, 0.2),
    slope(10, 250),
    451.7,
  ),
];
