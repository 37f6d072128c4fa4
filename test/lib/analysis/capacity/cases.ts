import type { SearchSettings } from '../../../../lib/analysis/capacity/history.ts';
import {
  coldFor,
  coldForRequests,
  constant,
  everSlower,
  freezing,
  logins,
  poolAndCpu,
  queue,
  random,
  scalable,
  type SimulatedServer,
} from './servers.ts';
import { beyond, rateOf, rejected } from './truths.ts';

/** A server of known capacity, and how it is searched. */
export interface Case {
  readonly name: string;
  readonly server: (seed: number) => SimulatedServer;
  readonly settings: SearchSettings;
  /** Arrivals a second; undefined for a server that has none. */
  readonly truth?: number;
  /** How the truth was found where there is no formula, see `bench.ts truth`. */
  readonly simulatedTruth?: 'long run' | 'minutes';
  readonly kind: 'cliff' | 'slope';
  /** By which each probe is longer, where arrivals are journeys. */
  readonly journeySeconds?: number;
  /** Why the goals are not reached: then the interval says so. */
  readonly short?: string;
}

const common = { maxPerSecond: 20_000, confidence: 0.95 };

/** Arrivals at equal distances, and no chance in the service: it carries all, or its queue grows. */
const cliff = (startPerSecond: number, limitMs: number, allowedRatio = 0.01): SearchSettings => ({
  ...common,
  startPerSecond,
  widthRatio: 0.03,
  holdSeconds: 10,
  budget: { seconds: 60 },
  arrivals: 'uniform',
  objectives: [
    { text: `${(1 - allowedRatio) * 100}th percentile < ${limitMs} ms`, allowedRatio, limitUs: limitMs * 1000 },
  ],
});

export const slope = (startPerSecond: number, limitMs: number, allowedRatio = 0.01): SearchSettings => ({
  ...cliff(startPerSecond, limitMs, allowedRatio),
  widthRatio: 0.08,
  holdSeconds: 20,
  budget: { seconds: 150 },
  arrivals: 'poisson',
});

export const errors = (startPerSecond: number): SearchSettings => ({
  ...slope(startPerSecond, 0),
  objectives: [{ text: 'errors < 1 %', allowedRatio: 0.01 }],
});

const mmc = (servers: number, perSecond: number, limitMs: number, startPerSecond: number): Case => ({
  name: `M/M/${servers} ${perSecond}/s, p99 < ${limitMs} ms`,
  server: (seed) => queue(servers, random(servers / perSecond, seed)),
  settings: slope(startPerSecond, limitMs),
  truth: rateOf(perSecond, 0.01, (rate) => beyond(servers, perSecond / servers, limitMs / 1000, rate)),
  kind: 'slope',
});

const ddc = (servers: number, perSecond: number, limitMs: number, startPerSecond: number): Case => ({
  name: `D/D/${servers} ${perSecond}/s, p99 < ${limitMs} ms`,
  server: () => queue(servers, constant(servers / perSecond)),
  settings: cliff(startPerSecond, limitMs),
  truth: perSecond,
  kind: 'cliff',
});

const mmck = (servers: number, perSecond: number, room: number, startPerSecond: number): Case => ({
  name: `M/M/${servers}/${room} ${perSecond}/s, errors < 1 %`,
  server: (seed) => queue(servers, random(servers / perSecond, seed), room),
  settings: errors(startPerSecond),
  truth: rateOf(perSecond, 0.01, (rate) => rejected(servers, perSecond / servers, room, rate)),
  kind: 'slope',
});

/** Of those without a formula: the rate at which the allowed share is bad in one simulation of 6,000 s. */
export const simulated = (
  name: string,
  server: (seed: number) => SimulatedServer,
  settings: SearchSettings,
  truth: number,
): Case => ({
  name,
  server,
  settings,
  truth,
  simulatedTruth: 'long run',
  kind: 'slope',
});

export const cases: readonly Case[] = [
  ddc(1, 500, 100, 10),
  ddc(8, 400, 300, 10),
  ddc(1, 20, 500, 1),
  ddc(4, 3000, 50, 50),
  {
    ...ddc(1, 500, 1200, 10),
    name: 'D/D/1 500/s, 1 s freeze in 10, p99 < 1.2 s',
    server: () => freezing(queue(1, constant(1 / 500)), 10, 1),
    settings: { ...cliff(10, 1200), holdSeconds: 30, budget: { seconds: 150 } },
    // A probe begins anywhere in the ten seconds, which moves the cliff by 3 %.
    kind: 'slope',
    truth: 450,
  },
  mmc(1, 500, 100, 10),
  mmc(1, 500, 30, 10),
  mmc(1, 3000, 20, 50),
  { ...mmc(1, 60, 300, 5), short: 'too few requests in 150 s for 5 %' },
  mmc(8, 400, 120, 10),
  mmc(8, 400, 500, 10),
  { ...mmc(4, 20, 2000, 1), short: 'too few requests in 150 s for 5 %' },
  simulated('M/D/1 500/s, p99 < 50 ms', () => queue(1, constant(1 / 500)), slope(10, 50), 453.8),
  simulated('M/D/8 400/s, p99 < 100 ms', () => queue(8, constant(8 / 400)), slope(10, 100), 372.6),
  mmck(1, 500, 20, 10),
  mmck(4, 800, 30, 20),
  {
    ...simulated(
      'USL, p99 < 150 ms',
      (seed) => scalable({ gamma: 50, sigma: 0.02, kappa: 0.0005 }, seed, 200),
      slope(10, 150),
      697.9,
    ),
    simulatedTruth: 'minutes',
    short: 'it carries 698/s when it comes there by a doubling, and no more than 550/s from a standstill',
  },
  simulated(
    'pool of 20 and CPU 500/s, p99 < 100 ms',
    (seed) => poolAndCpu(20, random(1 / 500, seed), 0.02),
    slope(10, 100),
    442.5,
  ),
  {
    ...mmc(1, 500, 100, 10),
    name: 'M/M/1, 12 s cold',
    server: (seed) => queue(1, coldFor(12, 5, random(1 / 500, seed))),
  },
  {
    ...mmc(1, 500, 100, 10),
    name: 'M/M/1, cold for 2000 requests',
    server: (seed) => queue(1, coldForRequests(2000, 5, random(1 / 500, seed))),
  },
  simulated(
    'M/D/1 500/s, 1 s freeze in 10, p99 < 1.2 s',
    () => freezing(queue(1, constant(1 / 500)), 10, 1),
    { ...slope(10, 1200), holdSeconds: 30 },
    445.4,
  ),
  {
    ...simulated(
      'laptop: logins on 2 cores, p95 < 500 ms',
      (seed) => logins(0.044, 0.02, seed),
      {
        ...slope(10, 500, 0.05),
        widthRatio: 0.1,
        holdSeconds: 30,
        budget: { seconds: 210 },
        objectives: [
          { text: 'p95 < 500 ms', allowedRatio: 0.05, limitUs: 500_000 },
          { text: 'errors < 1 %', allowedRatio: 0.01 },
        ],
      },
      95.9,
    ),
    journeySeconds: 2,
    short: 'a drift of 2 % in 20 s, and 45 logins a second, in 210 s with pauses',
  },
  {
    name: 'ever slower',
    server: (seed) => queue(1, everSlower(5000, random(1 / 500, seed))),
    settings: slope(10, 100),
    kind: 'slope',
  },
];
