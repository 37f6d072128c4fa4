import type { BadCount } from '../../measure/measurement.ts';
/**
 * An objective as a search sees it. One on a percentile or a share is a *tolerance*: p99 < 300 ms allows 1 % of the requests
 * to take 300 ms and longer. Of any other (mean, throughput, a signal) a probe gives a verdict only.
 */
export interface SearchObjective {
  readonly text: string;
  /** The share of requests that may be bad; undefined where the objective is no tolerance. */
  readonly allowedRatio?: number;
  /** The response time from which on a request is bad; undefined where failures are what is bad. */
  readonly limitUs?: number;
}

/** How a probe stood to one objective. */
export interface ProbeObjective {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  /** By second of the judged part, for a tolerance; empty otherwise. */
  readonly seconds: readonly BadCount[];
  /** The percentile that the objective names, for one on response time. */
  readonly quantileUs?: number;
}

export interface ProbeSecond {
  readonly started: number;
  /** Replies, failures and timeouts. */
  readonly ended: number;
  readonly ok: number;
}

export type Purpose = 'warm-up' | 'bracket' | 'close' | 'confirm' | 'cool-down';

/** A phase of constant rate that a search has asked for, as it was measured. In its first seconds queues settle: they are in no figure. */
export interface Probe {
  readonly purpose: Purpose;
  /** Arrivals a second by plan. */
  readonly perSecond: number;
  /** Whole, the settling included. */
  readonly durationSeconds: number;
  /** The judged seconds. */
  readonly seconds: readonly ProbeSecond[];
  /** Mean number of requests under way. */
  readonly users: number;
  readonly meanUs: number;
  readonly medianUs: number;
  /** Why the probe can't be believed, which is the generator's fault. */
  readonly void?: string;
  /** The condition of the plan that ended it before its time. */
  readonly aborted?: string;
  readonly objectives: readonly ProbeObjective[];
}

/** What the judged seconds say of the queue. */
export interface Flow {
  /** Successes a second. */
  readonly throughputPerSecond: number;
  /** By how many a second the requests not served grew, and the standard error of that. */
  readonly growthPerSecond: number;
  readonly growthError: number;
  /** Requests pile up beyond what chance explains: the rate is more than the service carries. */
  readonly collapsed: boolean;
}

/** A probe that counts, with what arrived and left, and whether an objective failed. */
export type Loaded = Probe & { readonly flow: Flow; readonly bad: boolean };

/** Standard errors of growth beyond which it is no chance. */
export const SIGNIFICANT = 2.5;
/** Growth below this share of the rate is within what a generator's own jitter makes of it. */
const SLIGHT = 0.005;

/**
 * `noise` is the variance of arrivals less departures for each request, see `noiseOf`. An overloaded service may turn away or time
 * out what it can't serve: only successes count as departures, but where failures are judged on their own.
 */
export function flowOf({ seconds, perSecond }: Probe, noise: number, departures: 'ok' | 'ended' = 'ok'): Flow {
  const length = Math.max(1, seconds.length);
  const sum = (of: (second: ProbeSecond) => number) => seconds.reduce((all, each) => all + of(each), 0);
  const growthPerSecond = sum((second) => second.started - second[departures]) / length;
  const growthError = growthErrorOf(noise, perSecond, length);
  return {
    throughputPerSecond: sum(({ ok }) => ok) / length,
    growthPerSecond,
    growthError,
    collapsed: growthPerSecond > SIGNIFICANT * growthError,
  };
}

/** One request more or less under way at either end is no growth. */
const growthErrorOf = (noise: number, perSecond: number, seconds: number): number =>
  Math.sqrt((noise * perSecond) / seconds + 1 / seconds ** 2) + (SLIGHT * perSecond) / SIGNIFICANT;

/** How far above what the service carries a rate must be, as a share, so that so many seconds show it. */
export const shownAbove = (noise: number, perSecond: number, seconds: number): number =>
  (SIGNIFICANT * growthErrorOf(noise, perSecond, seconds)) / perSecond;

export const failed = ({ objectives, aborted }: Probe): boolean =>
  aborted !== undefined || objectives.some(({ verdict }) => verdict === 'fail');

/** The departures' noise before any is measured: of random services, or of those which one takes for a clockwork. It weighs as much as one pair of seconds. */
const EXPECTED_NOISE = { poisson: 1, uniform: 0.25 };

/** More than this is either a service that stands still now and then, which evens out over longer times, or one whose requests are of very different length. */
const STALLING_NOISE = 4;
/** Random service has 1, and chance makes this of it. What shows more may have many times as much, which few seconds can't rule out. */
const USUAL_NOISE = 1.5;
/** Of a service with very long requests among short ones. */
const MOST_NOISE = 40;
/** A standstill is an outlier among the differences: half of them know nothing of it, and say by so many times less. */
const OUTLYING = 3;
/** The median of the square of a normal difference, as a share of its mean. */
const MEDIAN_SQUARE = 0.455;

export interface Noise {
  /** Variance of arrivals less departures of a busy service, for each request. */
  readonly noise: number;
  /** The part of it that arrivals have: 1 at random, 0 at equal distances. */
  readonly ofArrivals: number;
  /** The standard error of its logarithm; 0 where it is no more than what random services have, which needs no evidence, and of evenly spaced arrivals. */
  readonly noiseError: number;
  readonly stalls: boolean;
}

/**
 * The noise is 2 for random arrivals and exponential service, 0 for a clockwork. The departures' part is measured while requests pile up,
 * by differences from one second to the next, so that a trend is none of it.
 */
export function noiseOf(arrivals: 'uniform' | 'poisson', probes: readonly Probe[]): Noise {
  const ofArrivals = arrivals === 'poisson' ? 1 : 0;
  const squares = probes.flatMap((probe) =>
    probe.void === undefined && flowOf(probe, ofArrivals + EXPECTED_NOISE[arrivals]).collapsed ? squaresOf(probe) : [],
  );
  const sum = squares.reduce((all, each) => all + each, 0);
  const mean = (sum + EXPECTED_NOISE[arrivals]) / (squares.length + 1);
  const usual = (squares.toSorted((a, b) => a - b)[Math.floor(squares.length / 2)] ?? 0) / MEDIAN_SQUARE;
  const stalls = mean > STALLING_NOISE && mean > OUTLYING * usual;
  // The square of a normal variable varies by twice its own square.
  if (mean <= STALLING_NOISE || stalls) {
    const noise = ofArrivals + Math.min(STALLING_NOISE, mean);
    const error = (ofArrivals * (noise - ofArrivals) * Math.sqrt(2 / (squares.length + 1))) / noise;
    return { noise, ofArrivals, noiseError: mean > USUAL_NOISE ? error : 0, stalls };
  }
  // What was expected has no say in it any more.
  return {
    noise: ofArrivals + Math.min(MOST_NOISE, sum / squares.length),
    ofArrivals,
    noiseError: Math.sqrt(2 / squares.length),
    stalls,
  };
}

/** Half the squares of the differences from each second to the next in what was carried, for each request. */
function squaresOf({ seconds }: Probe): number[] {
  const carried = seconds.map(({ ok }) => ok);
  const mean = carried.reduce((all, each) => all + each, 0) / carried.length;
  return mean === 0 ? [] : carried.slice(1).map((each, at) => (each - (carried[at] ?? 0)) ** 2 / 2 / mean);
}
