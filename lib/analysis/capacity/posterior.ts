import { likelihoodOf, totalOf, type Context, type Likelihood } from './likelihood.ts';
import type { BadCount } from '../../measure/measurement.ts';
import { flowOf, type Probe, type SearchObjective } from './probe.ts';
import { expectedSteepness, type Evidence } from './steepness.ts';

/** How probable each candidate rate is to be the capacity, given all probes. */
export interface Posterior {
  /** Ascending by equal ratios. */
  readonly rates: Float64Array;
  readonly density: Float64Array;
}

/** From a gentle slope to a cliff. */
const STEEPNESSES = Array.from({ length: 22 }, (_, i) => 2 * 2 ** (i / 2));
const POINTS = 160;
/** Over `low` to `high` first, and again over where that leaves any chance, so that the steps are fine where it matters. */
export function posteriorOf(evidence: Evidence, low: number, high: number): Posterior {
  const coarse = over(evidence, low, high);
  const step = (high / low) ** (1 / (POINTS - 1));
  return over(evidence, Math.max(low, quantile(coarse, 0.001) / step), Math.min(high, quantile(coarse, 0.999) * step));
}

function over(evidence: Evidence, low: number, high: number): Posterior {
  const { objectives, probes } = evidence;
  const rates = Float64Array.from({ length: POINTS }, (_, i) => low * (high / low) ** (i / (POINTS - 1)));
  const densities = objectives.map((objective, at) => {
    const context = contextOf(objective, evidence, at);
    const expected = expectedSteepness(evidence, at, { ...context, steepest: STEEPNESSES.at(-1) ?? 1 });
    return densityOf(
      rates,
      probes.map((probe) => likelihoodOf(probe, at, context)),
      expected,
    );
  });
  return { rates, density: smallestOf(densities) };
}

export const contextOf = (
  objective: SearchObjective,
  { noise, noiseError, probes }: Pick<Evidence, 'noise' | 'noiseError' | 'probes'>,
  at: number,
): Context => ({
  objective,
  noise,
  noiseError,
  clumping: clumpingOf(
    probes.filter((probe) => !flowOf(probe, noise, 'ended').collapsed),
    at,
    objective,
  ),
  unloadedRatio: unloadedOf(probes, at, objective),
  roomSeconds: roomOf(probes, at, objective),
  waitingRatio: waitingOf(
    probes.filter((probe) => flowOf(probe, noise).collapsed),
    at,
    objective,
  ),
});

/** Bad shares of two parts of an overload that differ by no more than this have come to rest. */
const AT_REST = 1.2;
const FEW_SECONDS = 6;

/**
 * The share that is bad once an overload lasts, of the probes in which requests pile up: the largest in the last third of one in which it
 * no longer rises. Nearly all, or where none has come to rest, means all.
 */
function waitingOf(overloads: readonly Probe[], at: number, { allowedRatio = 1 }: SearchObjective): number {
  const shares = overloads.flatMap(({ objectives }) => {
    const seconds = objectives[at]?.seconds ?? [];
    if (seconds.length < FEW_SECONDS) return [];
    const third = Math.floor(seconds.length / 3);
    const [middle, last] = [seconds.slice(-2 * third, -third), seconds.slice(-third)].map(totalOf).map(shareOf);
    return middle !== undefined && last !== undefined && last > 2 * allowedRatio && last < AT_REST * middle ? last : [];
  });
  const most = Math.max(...shares, 0);
  return most === 0 || most > NEARLY_ALL ? 1 : most;
}
const NEARLY_ALL = 0.6;

const shareOf = ({ count, bad }: BadCount): number => (count === 0 ? 0 : bad / count);

/** Of a limit, what is left beside the response time of the least loaded probe; a tenth of the limit at least. */
function roomOf(probes: readonly Probe[], at: number, { limitUs = 0 }: SearchObjective): number {
  const unloadedUs = Math.min(...probes.map((probe) => probe.objectives[at]?.quantileUs ?? Infinity));
  return Math.max(limitUs / 10, limitUs - (Number.isFinite(unloadedUs) ? unloadedUs : 0)) / 1e6;
}

/** The share that is bad without any load, by the probes of less than half the highest rate; at most half of what is allowed. */
function unloadedOf(probes: readonly Probe[], at: number, { allowedRatio = 0 }: SearchObjective): number {
  const highest = Math.max(
    ...probes.filter(({ objectives }) => objectives[at]?.verdict === 'pass').map(({ perSecond }) => perSecond),
  );
  const { count, bad } = totalOf(
    probes.flatMap(({ perSecond, objectives }) => (perSecond < highest / 2 ? (objectives[at]?.seconds ?? []) : [])),
  );
  return count === 0 ? 0 : Math.min(allowedRatio / 2, bad / count);
}

/** Of one objective's capacity: the likelihood of all probes, and the steepness that is to be expected, summed over the steepness. */
function densityOf(rates: Float64Array, likelihoods: readonly Likelihood[], expected: Likelihood): Float64Array {
  const logs = Array.from(rates, (rate) =>
    STEEPNESSES.map((steepness) =>
      likelihoods.reduce((sum, each) => sum + each(rate, steepness), expected(rate, steepness)),
    ),
  );
  const highest = Math.max(...logs.map((each) => Math.max(...each)));
  const density = Float64Array.from(logs, (each) => each.reduce((sum, log) => sum + Math.exp(log - highest), 0));
  const total = density.reduce((sum, each) => sum + each, 0);
  return density.map((each) => each / total);
}

/** Assumed where nothing was measured: about what an error ratio shows. */
const USUAL_CLUMPING = 10;

/** Batches of some seconds cut clumps in two: they show about four fifths of the variance, by searches on M/M/c/K. */
const CUT_CLUMPS = 1.25;

/** How much more the count of bad requests varies than that of independent ones, by means of batches, pooled over the probes in which none piled up. */
function clumpingOf(probes: readonly Probe[], at: number, { allowedRatio = 1 }: SearchObjective): number {
  let sum = USUAL_CLUMPING;
  let weight = 1;
  for (const { objectives } of probes) {
    const seconds = objectives[at]?.seconds ?? [];
    const { count, bad } = totalOf(seconds);
    // Where most are bad the variance has another cause.
    if (bad === 0 || bad > 10 * allowedRatio * count) continue;
    const width = Math.max(1, Math.round(Math.sqrt(seconds.length)));
    const batches = Array.from({ length: Math.floor(seconds.length / width) }, (_, i) =>
      totalOf(seconds.slice(i * width, (i + 1) * width)),
    );
    const expected = ({ count: n }: BadCount) => (n * bad) / count;
    sum += batches.reduce(
      (all, each) => all + (expected(each) > 0 ? (each.bad - expected(each)) ** 2 / expected(each) : 0),
      0,
    );
    weight += Math.max(0, batches.length - 1);
  }
  return Math.max(1, (CUT_CLUMPS * sum) / weight);
}

/** Several objectives hold up to the smallest of their capacities: P(C > c) is the product of each one's. */
export function smallestOf(densities: readonly Float64Array[]): Float64Array {
  const length = densities[0]?.length ?? 0;
  const above = new Float64Array(length + 1).fill(1);
  for (const density of densities) {
    let left = 1;
    for (let i = 0; i < length; i += 1) {
      left = Math.max(0, left - (density[i] ?? 0));
      above[i + 1] = (above[i + 1] ?? 1) * left;
    }
  }
  return Float64Array.from({ length }, (_, i) => (above[i] ?? 0) - (above[i + 1] ?? 0));
}

export function quantile({ rates, density }: Posterior, share: number): number {
  let sum = 0;
  for (let i = 0; i < density.length; i += 1) {
    const next = sum + (density[i] ?? 0);
    if (next >= share) {
      const low = rates[Math.max(0, i - 1)] ?? 0;
      return low + ((rates[i] ?? 0) - low) * ((share - sum) / (next - sum));
    }
    sum = next;
  }
  return rates.at(-1) ?? 0;
}
