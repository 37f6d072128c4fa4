import { uniform01 } from './random.ts';
import { area, timeAtArea, totalUs, type Segment } from './segment.ts';

/** The n-th arrival of a phase: its place in the whole plan (not in this worker's share) and its intended start. */
export interface Arrival {
  readonly index: number;
  readonly intendedUs: number;
}

export interface Share {
  readonly index: number;
  readonly of: number;
}

/** `uniform`: where the expected count reaches n. `poisson`: where it reaches the sum of n draws of Exp(1). */
export type ArrivalProcess = 'uniform' | 'poisson';

export interface ArrivalPlan {
  readonly segments: readonly Segment[];
  readonly process: ArrivalProcess;
  readonly seed: number;
}

/** An arrival short by less than this is rounding, not load: 0.1 + 0.2 must not make an extra arrival. */
const COUNT_EPSILON = 1e-6;

/** Inverse of the expected count: µs at which `count` arrivals are due; Infinity past the last segment's end. */
function inverseCount(segments: readonly Segment[]): (count: number) => number {
  const ends: number[] = [];
  let sum = 0;
  for (const segment of segments) ends.push((sum += area(segment)));
  const starts = segments.map((_, i) => totalUs(segments.slice(0, i)));
  let at = 0;
  return (count) => {
    if (count >= sum - COUNT_EPSILON) return Number.POSITIVE_INFINITY;
    while (at > 0 && count < (ends[at - 1] ?? 0)) at -= 1;
    while (at < ends.length && count >= (ends[at] ?? 0)) at += 1;
    const segment = segments[at];
    if (segment === undefined) return Number.POSITIVE_INFINITY;
    return (starts[at] ?? 0) + timeAtArea(segment, count - (at === 0 ? 0 : (ends[at - 1] ?? 0)));
  };
}

/** Draws of Exp(1), as −ln(1 − u) with u in [0, 1). */
function exponentials(seed: number): () => number {
  const draw = uniform01(seed);
  return () => -Math.log1p(-draw());
}

/**
 * Intended starts of one worker's share, ascending. Arrival n belongs to worker n mod k, so the k shares are disjoint and
 * together are the plan, exactly, for any k. A pure function of plan and share: the generator never moves an arrival.
 * Poisson arrivals of a varying rate come from unit-rate ones by time rescaling (Çınlar 1975, ch. 4.7).
 *
 * Where the plan's levels count something else, as requests, `cost` is how many of them an arrival stands for. It is asked for when the
 * arrival before it is taken.
 */
export function* arrivals(
  plan: ArrivalPlan,
  share: Share = { index: 0, of: 1 },
  cost = (): number => 1,
): Generator<Arrival, void> {
  const timeAt = inverseCount(plan.segments);
  const step = plan.process === 'poisson' ? exponentials(plan.seed) : () => 1;
  let expected = plan.process === 'poisson' ? step() * cost() : 0;
  for (let index = 0; ; index += 1) {
    const intendedUs = timeAt(expected);
    if (!Number.isFinite(intendedUs)) return;
    if (index % share.of === share.index) yield { index, intendedUs };
    expected += step() * cost();
  }
}

/** How many arrivals a share holds; counts them, since a Poisson plan knows no shorter way. */
export function countArrivals(plan: ArrivalPlan, share?: Share): number {
  if (plan.process === 'uniform' && share === undefined) {
    return Math.max(0, Math.ceil(plan.segments.reduce((sum, s) => sum + area(s), 0) - COUNT_EPSILON));
  }
  let count = 0;
  for (const arrival of arrivals(plan, share)) count += arrival.index >= 0 ? 1 : 0;
  return count;
}
