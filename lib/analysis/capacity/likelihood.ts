import type { BadCount } from '../../measure/measurement.ts';
import { flowOf, type Flow, type Noise, type Probe, type SearchObjective } from './probe.ts';

/**
 * What one probe says of a candidate: a capacity C with a steepness s, by the share q of bad requests that the two predict at
 * the probe's rate λ. At C the share is the one allowed, a. There are two kinds of service.
 *
 * One that queues: q(λ) = a · exp(s · (λ/C − 1)), the tail of response times of a queue in heavy traffic (Kingman 1962), on top
 * of what is bad without load. It reaches q = 1 at its limit of stability, L = C · (1 + ln(1/a) / s), beyond which requests
 * pile up at the rate λ − L. A cliff is the limit for large s.
 *
 * One that turns away what it can't carry: q is the loss of a queue with room for s requests (M/M/1/K), for which s needn't be whole, on
 * top of what fails without load.
 */
export interface Context extends Pick<Noise, 'noise' | 'noiseError'> {
  readonly objective: SearchObjective;
  /** Variance of the count of bad requests over that of independent ones, of a service that turns away. */
  readonly clumping: number;
  /** The share that is bad without load. */
  readonly unloadedRatio: number;
  /** Of the limit on response time, what is left for waiting. */
  readonly roomSeconds: number;
  /** The share that is bad where requests pile up: all, or those of the steps that wait for what is short. */
  readonly waitingRatio: number;
}

export type Likelihood = (capacity: number, steepness: number) => number;

/** However improbable a probe looks, its chance of being a freak is this: no single one closes a side for good. */
const FREAK = Math.log(0.01);

/** The chance that a service carries less when it is overloaded, as one that thrashes does. */
const CARRIES_LESS = Math.log(0.1);

/** How sharply a mere verdict parts the candidates, as a share of the rate. */
const SHARPNESS = 0.01;

/** What Kingman's law predicts may be wrong by about this factor. */
export const STEEPNESS_FACTOR = 1.5;

/** Of what a steepness implies by Kingman's law: gentler slopes have other reasons, and steeper ones than a clockwork's show no more. */
const MOST_NOISE = 40;
const LEAST_NOISE = 0.25;

/** Relaxation times that a tail takes from an empty queue: ln(1/a) / 2 of them, by the time that its drift takes to the limit. */
const SETTLING = 2.5;

export const limitOfStability = (capacity: number, steepness: number, allowedRatio: number): number =>
  capacity * (1 - Math.log(allowedRatio) / steepness);

export function likelihoodOf(probe: Probe, at: number, context: Context): Likelihood {
  const seen = probe.objectives[at];
  const { allowedRatio, limitUs } = context.objective;
  const flow = flowOf(probe, context.noise);
  if (seen === undefined) return () => 0;
  if (probe.aborted !== undefined) return sideOf(probe.perSecond, true);
  if (allowedRatio === undefined && seen.verdict === 'unknown') return () => 0;
  if (allowedRatio === undefined) return sideOf(probe.perSecond, seen.verdict === 'fail' || flow.collapsed);
  const total = totalOf(seen.seconds);
  if (limitUs !== undefined) return queueLikelihood(probe, flow, total, context);
  return flowOf(probe, context.noise, 'ended').collapsed
    ? sideOf(probe.perSecond, true)
    : lossLikelihood(total, probe.perSecond, context);
}

export const totalOf = (seconds: readonly BadCount[]): BadCount =>
  seconds.reduce((sum, { count, bad }) => ({ count: sum.count + count, bad: sum.bad + bad }), { count: 0, bad: 0 });

const sideOf =
  (perSecond: number, failed: boolean): Likelihood =>
  (capacity) => {
    const away = (perSecond / capacity - 1) / SHARPNESS;
    return Math.max(FREAK, -Math.log1p(Math.exp(failed ? -away : away)));
  };

/** Of what an objective allows, failures that come without load too leave the rest to those that load causes. */
function lossLikelihood(
  total: BadCount,
  perSecond: number,
  { objective, clumping, unloadedRatio }: Context,
): Likelihood {
  const allowed = ((objective.allowedRatio ?? 1) - unloadedRatio) / (1 - unloadedRatio);
  return (capacity, steepness) => {
    const use = (useAt(allowed, steepness) * perSecond) / capacity;
    const ratio = unloadedRatio + (1 - unloadedRatio) * lossOf(use, steepness);
    return quasiPoisson(total, Math.log(ratio), total.count, clumping);
  };
}

/** M/M/1/K: the share lost at a use of ρ. */
function lossOf(use: number, room: number): number {
  if (Math.abs(use - 1) < 1e-6) return 1 / (room + 1);
  return use > 1 ? (use - 1) / (use - use ** -room) : (use ** room * (1 - use)) / (1 - use ** (room + 1));
}

const uses = new Map<string, number>();

/** The use at which the share lost is `allowed`. */
function useAt(allowed: number, room: number): number {
  const key = `${allowed} ${room}`;
  let [low, high] = [0, uses.get(key) ?? 1 / (1 - allowed) + 1];
  if (uses.has(key)) return high;
  for (let i = 0; i < 50; i += 1) {
    const middle = (low + high) / 2;
    if (lossOf(middle, room) > allowed) high = middle;
    else low = middle;
  }
  uses.set(key, high);
  return high;
}

function queueLikelihood(
  probe: Probe,
  flow: Flow,
  total: BadCount,
  { objective, noise, noiseError, unloadedRatio, roomSeconds, waitingRatio }: Context,
): Likelihood {
  const { seconds } = probe;
  // What arrived by chance counts, not what was planned.
  const perSecond = seconds.reduce((sum, { started }) => sum + started, 0) / seconds.length;
  const allowed = (objective.allowedRatio ?? 1) - unloadedRatio;
  const { growthPerSecond, growthError, collapsed } = flow;
  // Of two guesses at how long clumps last, the noise that was seen and the one that a steepness implies, the surer says more.
  const impliedWeight = noiseError ** 2 / (noiseError ** 2 + Math.log(STEEPNESS_FACTOR) ** 2);
  return (capacity, steepness) => {
    const limit = limitOfStability(capacity, steepness, allowed / waitingRatio);
    const over = perSecond - limit;
    // Where a part of the requests waits, the others are served all the same: arrivals pile up more slowly, by an unknown share.
    const expected = waitingRatio < 1 ? Math.min(growthPerSecond, over) : over;
    const grown = -(((growthPerSecond - Math.max(0, expected)) / growthError) ** 2) / 2;
    // Some services carry less the more they are overloaded: growth beyond what the limit explains is no surprise.
    if (collapsed && over >= 0) return Math.max(growthPerSecond > over ? Math.max(grown, CARRIES_LESS) : grown, FREAK);
    if (collapsed) return Math.max(grown, FREAK);
    const logRatio = Math.log(
      unloadedRatio + allowed * Math.exp(steepness * Math.min(perSecond / capacity - 1, limit / capacity - 1)),
    );
    const implied = Math.max(LEAST_NOISE, Math.min(MOST_NOISE, (2 * capacity * roomSeconds) / steepness));
    const clumping = noise * (implied / noise) ** impliedWeight;
    const relaxation = relaxationOf(over, clumping * (perSecond - over / 2), roomSeconds * limit);
    const settled = seconds.length / (seconds.length + SETTLING * relaxation);
    const tail = quasiPoisson(total, logRatio, total.count * settled, 1 + 2 * perSecond * relaxation);
    return Math.max(over >= 0 ? tail + grown : tail, FREAK);
  };
}

/**
 * Seconds in which a queue forgets, as a diffusion with that drift and variance a second: variance / drift². Without a drift it is
 * the time to the limit, `room` requests off: 8 / π² · room² / variance, half of which is what a clump of bad requests lasts.
 */
function relaxationOf(drift: number, variance: number, room: number): number {
  const byDrift = drift ** 2 / variance;
  const byLimit = (2.5 * variance) / room ** 2;
  return 1 / Math.hypot(byDrift, byLimit);
}

/** Log-likelihood of a count of bad requests that come in clumps, over that of the share which fits best. */
function quasiPoisson({ count, bad }: BadCount, logRatio: number, effective: number, clumping: number): number {
  if (count === 0) return 0;
  const best = bad === 0 ? 0 : bad * Math.log(bad / effective) - bad;
  const log = Math.max(-700, Math.min(0, logRatio));
  return Math.max((bad * log - effective * Math.exp(log) - best) / clumping, FREAK);
}
