import { capacityChangeOf, type CapacityChange } from './change.ts';
import { posteriorOf, quantile } from './posterior.ts';
import { failed, flowOf, noiseOf, type Loaded, type Noise, type Probe, type SearchObjective } from './probe.ts';

export interface SearchSettings {
  readonly startPerSecond: number;
  readonly maxPerSecond: number;
  /** Width of the interval wanted, as a share of the capacity. */
  readonly widthRatio: number;
  readonly confidence: number;
  /** Of the probe that confirms the result. */
  readonly holdSeconds: number;
  readonly budget: { readonly seconds: number; readonly requests?: number };
  readonly arrivals: 'uniform' | 'poisson';
  readonly objectives: readonly SearchObjective[];
}

/** Where the capacity lies, given what was seen so far. */
export interface Belief {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  /** Of the interval, as a share of the capacity. */
  readonly width: number;
}

/** What all later decisions are taken from. */
export interface History extends Noise {
  /** Every probe that counts, with what it says: void ones don't, nor those that only warmed up or cooled down. */
  readonly loaded: readonly Loaded[];
  /** Without what a cold service failed at: those of the bracket's failures that a later pass at that rate or above has contradicted. */
  readonly standing: readonly Loaded[];
  /** What stands is from after it. */
  readonly change?: CapacityChange;
}

const LONG_SECONDS = 10;

export function historyOf({ arrivals, objectives }: SearchSettings, probes: readonly Probe[]): History {
  const noisy = noiseOf(arrivals, probes);
  const { noise, stalls } = noisy;
  const loaded = probes
    .slice(warmFrom(probes, noise))
    .filter((probe) => probe.void === undefined && probe.purpose !== 'warm-up' && probe.purpose !== 'cool-down')
    .map((probe) => {
      const flow = flowOf(probe, noise);
      return { ...probe, flow, bad: flow.collapsed || failed(probe) };
    });
  // What stands still now and then passes short probes at rates that it doesn't carry for long.
  const broken = Math.min(
    ...loaded
      .filter(({ bad, durationSeconds }) => bad && durationSeconds >= LONG_SECONDS)
      .map(({ perSecond }) => perSecond),
  );
  const judged = stalls ? loaded.filter(({ bad, perSecond }) => bad || perSecond < broken) : loaded;
  const standing = judged.filter(
    ({ bad, purpose, perSecond }, at) =>
      !(
        bad &&
        purpose === 'bracket' &&
        loaded.slice(at + 1).some((later) => !later.bad && later.perSecond >= perSecond)
      ),
  );
  const change = capacityChangeOf({ ...noisy, objectives }, standing);
  return change === undefined
    ? { ...noisy, loaded, standing }
    : { ...noisy, loaded, standing: standing.slice(change.from), change };
}

/** Fewer requests don't show a median. */
const ENOUGH = 20;

/**
 * The first probe of the warm service. At a small load response times rise with the rate, if at all: one that takes less than
 * half as long at a rate as high or higher was cold before, and what it failed at then doesn't count.
 */
function warmFrom(probes: readonly Probe[], noise: number): number {
  const judged = probes.filter((probe) => probe.void === undefined);
  const small =
    Math.min(...judged.filter((probe) => flowOf(probe, noise).collapsed).map(({ perSecond }) => perSecond)) / 2;
  const clear = judged.filter(
    (probe) => !failed(probe) && probe.seconds.reduce((sum, { ok }) => sum + ok, 0) >= ENOUGH,
  );
  const warm = clear.find((later, at) => {
    const cold = clear.slice(0, at).findLast(({ perSecond }) => perSecond <= Math.min(small, later.perSecond));
    return cold !== undefined && later.medianUs < cold.medianUs / 2;
  });
  return warm === undefined ? 0 : probes.indexOf(warm);
}

/** Candidates reach this far beyond the rates that were tried. */
const BEYOND = 4;

export function beliefOf(
  { objectives, confidence, startPerSecond }: SearchSettings,
  { standing, noise, ofArrivals, noiseError, stalls }: History,
): Belief {
  const rates = [startPerSecond, ...standing.map(({ perSecond }) => perSecond)];
  const posterior = posteriorOf(
    { noise, ofArrivals, noiseError, stalls, objectives, probes: standing },
    Math.min(...rates) / BEYOND,
    Math.max(...rates) * BEYOND,
  );
  const out = (1 - confidence) / 2;
  const [low, middle, high] = [quantile(posterior, out), quantile(posterior, 0.5), quantile(posterior, 1 - out)];
  return { low, middle, high, width: (high - low) / middle };
}
