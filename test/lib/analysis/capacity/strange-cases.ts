import { type Case, errors, simulated, slope } from './cases.ts';
import { constant, freezing, queue, random } from './servers.ts';
import {
  comingAndGoing,
  connections,
  failingAlways,
  fixedWindow,
  growingWithRate,
  heavyTailed,
  retryAmplified,
  scaledOutBy,
} from './strange-servers.ts';
import { tokenBucket, twoKinds } from './unseen-servers.ts';

/** What people are likely to try a search with, see `strange-servers.ts`. Truths by `bench.ts truth`. */
export const strangeCases: readonly Case[] = [
  simulated(
    'heavy tail (power 2.5), M/G/4 400/s, p99 < 300 ms',
    (seed) => queue(4, heavyTailed(4 / 400, 2.5, seed)),
    slope(10, 300),
    344.5,
  ),
  simulated(
    'one in ten takes ten times as long, M/G/1 300/s, p99 < 300 ms',
    (seed) => queue(1, twoKinds({ quick: constant(1 / 570), long: constant(10 / 570) }, 0.1, seed)),
    slope(10, 300),
    273.9,
  ),
  simulated(
    'pause of 0.5 s every 30 s, M/M/1 500/s, p99 < 600 ms',
    (seed) => freezing(queue(1, random(1 / 500, seed)), 30, 0.5),
    slope(10, 600),
    474.2,
  ),
  {
    ...simulated(
      'retries after 200 ms, M/M/1 500/s, p99 < 150 ms',
      (seed) => retryAmplified(queue(1, random(1 / 500, seed)), 0.2, 3),
      slope(10, 150),
      471.3,
    ),
    simulatedTruth: 'minutes',
  },
  simulated(
    '20 connections of 50 ms each, 100 ms of patience, errors < 1 %',
    (seed) => connections(20, random(0.05, seed), 0.1),
    errors(10),
    387.7,
  ),
  simulated('429 above 200 in a second of the clock, errors < 1 %', () => fixedWindow(200), errors(10), 189.6),
  simulated(
    'token bucket of 150/s, 100 saved, errors < 1 %',
    () => tokenBucket(150, 100, queue(8, constant(0.005))),
    errors(10),
    150.9,
  ),
  simulated(
    '0.5 % of replies fail, M/M/1/20 500/s, errors < 1 %',
    (seed) => failingAlways(queue(1, random(1 / 500, seed), 20), 0.005, seed + 5),
    errors(10),
    418.5,
  ),
  simulated(
    'response times grow with the rate, p99 < 200 ms',
    (seed) => growingWithRate(0.0001, seed),
    slope(10, 200),
    430.8,
  ),
  simulated(
    'a task more after 20 s above 150/s, M/M/1 200/s, p99 < 100 ms',
    (seed) => queue(1, scaledOutBy(150, 20, random(1 / 200, seed))),
    slope(10, 100),
    353.9,
  ),
  simulated(
    'a fifth slower for 5 s of every 10, M/M/1 500/s, p99 < 500 ms',
    (seed) => queue(1, comingAndGoing(10, 1.2, random(1 / 500, seed))),
    slope(10, 500),
    433.7,
  ),
];
