import { STEEPNESS_FACTOR, totalOf, type Likelihood } from './likelihood.ts';
import type { Noise, Probe, SearchObjective } from './probe.ts';

/** What was seen, with the noise of arrivals less departures. */
export interface Evidence extends Noise {
  readonly objectives: readonly SearchObjective[];
  readonly probes: readonly Probe[];
}

interface Room {
  /** Of the limit on response time, what is left for waiting. */
  readonly roomSeconds: number;
  /** The steepest that is looked at. */
  readonly steepest: number;
}

/** Log-probability of a steepness before any probe is looked at. By Kingman's law for heavy traffic it is 2 · C · room / noise. */
export function expectedSteepness(evidence: Evidence, at: number, { roomSeconds, steepest }: Room): Likelihood {
  const { limitUs, allowedRatio = 1 } = evidence.objectives[at] ?? {};
  if (limitUs === undefined) return () => 0;
  const { noise, noiseError } = witnessed(evidence, at, allowedRatio);
  const spread = Math.hypot(Math.log(STEEPNESS_FACTOR), noiseError);
  return (rate, steepness) =>
    -((Math.log(steepness / Math.min(steepest, (2 * rate * roomSeconds) / noise)) / spread) ** 2) / 2;
}

/** Fewer requests don't show a percentile. */
const SHOWS_TAIL = 100;
/** Of the highest rate that passed: below it hardly any request waits, and response times are the service's own. */
const UNLOADED_RATIO = 0.3;

/**
 * Overloads are short, and show the noise by few seconds. A second witness is the tail of unloaded response times: of a service whose
 * percentile lies so many times as far from the mean as an exponential one's, work varies by about the square of that. Where the two are more than a
 * factor of two apart, the truth is taken to lie between them, and to be as uncertain. Where a service stands still, so do unloaded requests, and show nothing else.
 */
function witnessed(
  { noise, ofArrivals, noiseError, stalls, probes }: Evidence,
  at: number,
  allowedRatio: number,
): Pick<Evidence, 'noise' | 'noiseError'> {
  const highest = Math.max(
    ...probes.filter(({ objectives }) => objectives[at]?.verdict === 'pass').map(({ perSecond }) => perSecond),
  );
  const [unloaded] = probes
    .map((probe) => ({ probe, seen: probe.objectives[at], count: totalOf(probe.objectives[at]?.seconds ?? []).count }))
    .filter(({ probe, count }) => count >= SHOWS_TAIL && probe.perSecond <= UNLOADED_RATIO * highest)
    .toSorted((a, b) => b.count - a.count);
  if (unloaded === undefined || stalls) return { noise, noiseError };
  const { meanUs } = unloaded.probe;
  const stretch = (unloaded.seen?.quantileUs ?? meanUs) / meanUs / Math.log(1 / allowedRatio);
  const apart = Math.log((ofArrivals + stretch ** 2) / noise);
  if (!(apart > Math.LN2)) return { noise, noiseError };
  return { noise: noise * Math.exp(apart / 2), noiseError: Math.hypot(noiseError, apart / 2) };
}
