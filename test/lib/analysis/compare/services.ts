import { emptyHistogram, record, sparseCounts } from '../../../../lib/measure/histogram.ts';
import type { SlicedTime, Slice } from '../../../../lib/analysis/compare/slices.ts';
import { seedOf, uniform01 } from '../../../../lib/schedule/random.ts';

/** What the changed build of a service does otherwise. */
export interface Change {
  /** All times, by this factor. */
  readonly all?: number;
  /** The slowest 3 %, by this factor. */
  readonly tail?: number;
  readonly errorRatio?: number;
}

/** Draws of one run of a service. */
interface Draws {
  readonly uniform: () => number;
  readonly normal: () => number;
  readonly exponential: () => number;
}

/** A service as its times: made anew for each run, asked for each request in order, in µs. */
export interface SimulatedService {
  readonly name: string;
  readonly run: (draws: Draws) => (atSeconds: number) => number;
}

const PER_SECOND = 200;
const MEDIAN_US = 20_000;

const lognormal = (sigma: number): SimulatedService => ({
  name: `lognormal ${sigma}`,
  run:
    ({ normal }) =>
    () =>
      MEDIAN_US * Math.exp(sigma * normal()),
});

/** Requests that come at random to one server which needs an exponential time for each. */
const oneServer = (busy: number): SimulatedService => ({
  name: `one server, ${busy * 100} % busy`,
  run: ({ exponential }) => {
    let [clock, free] = [0, 0];
    return () => {
      clock += exponential() / PER_SECOND;
      free = Math.max(free, clock) + (exponential() * busy) / PER_SECOND;
      return (free - clock) * 1e6;
    };
  },
});

const pauses: SimulatedService = {
  name: 'pauses of 200 ms',
  run: ({ normal, exponential }) => {
    let next = 5 * exponential();
    return (at) => {
      while (at > next + 0.2) next += 0.2 + 5 * exponential();
      return MEDIAN_US * Math.exp(0.5 * normal()) + (at > next ? (next + 0.2 - at) * 1e6 : 0);
    };
  },
};

/** The level of all times walks by 5 %, and is forgotten in ten seconds. */
const drifting: SimulatedService = {
  name: 'level drifts 5 %',
  run: ({ normal }) => {
    let [second, level] = [0, 0.05 * normal()];
    const memory = Math.exp(-1 / 10);
    return (at) => {
      for (; second < Math.floor(at); second += 1)
        level = memory * level + 0.05 * Math.sqrt(1 - memory ** 2) * normal();
      return MEDIAN_US * Math.exp(level + 0.5 * normal());
    };
  },
};

const fromRunToRun: SimulatedService = {
  name: 'lognormal 0.5, 2 % from run to run',
  run: ({ normal }) => {
    const level = 0.02 * normal();
    return () => MEDIAN_US * Math.exp(level + 0.5 * normal());
  },
};

/** The services of the simulation: five in which requests are independent or nearly so, and four in which they are not. */
export const simulatedServices: readonly SimulatedService[] = [
  lognormal(0.3),
  lognormal(0.5),
  lognormal(1),
  {
    name: 'exponential',
    run:
      ({ exponential }) =>
      () =>
        MEDIAN_US * exponential(),
  },
  oneServer(0.5),
  oneServer(0.8),
  pauses,
  drifting,
  fromRunToRun,
];

function drawsOf(seed: number): Draws {
  const uniform = uniform01(seed);
  const positive = (): number => 1 - uniform();
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(positive())) * Math.cos(2 * Math.PI * uniform()),
    exponential: () => -Math.log(positive()),
  };
}

const ERROR_RATIO = 0.002;

/** One run of a service, at 200 requests a second. Both times are the same. */
export function simulatedSeries(
  service: SimulatedService,
  seed: number,
  seconds: number,
  change: Change = {},
): SlicedTime {
  const draws = drawsOf(seedOf(seed, 77));
  const next = service.run(draws);
  const histogram = emptyHistogram();
  const slices = Array.from({ length: seconds }, (_, second): Slice => {
    histogram.reset();
    let wrong = 0;
    for (let at = 0; at < PER_SECOND; at += 1) {
      const isSlow = draws.uniform() < 0.03;
      const us = next(second + at / PER_SECOND) * (change.all ?? 1);
      record(histogram, isSlow ? us * 3 * (change.tail ?? 1) : us);
      if (draws.uniform() < (change.errorRatio ?? ERROR_RATIO)) wrong += 1;
    }
    const times = sparseCounts(histogram);
    return { seconds: 1, ok: PER_SECOND - wrong, ended: PER_SECOND, wrong, responseTime: times, serviceTime: times };
  });
  return { sliceSeconds: 1, slices };
}
