import { likelihoodOf } from './likelihood.ts';
import { contextOf } from './posterior.ts';
import type { Loaded } from './probe.ts';
import type { Evidence } from './steepness.ts';

/** The service's capacity was another one before a probe than from it on, as when it scales out or spends its credits. */
export interface CapacityChange {
  /** The first probe after it, of those that were looked at. */
  readonly from: number;
  /** In words: about what it was, or a bound where one side was not seen. */
  readonly before: string;
  readonly after: string;
}

/** Ratio of likelihoods, as a logarithm, of two capacities against one: above what warm-up, clumps and thrashing made of services that don't change. */
const CLEAR = 9;
/** A smaller step is left to the interval. */
const LEAST_CHANGE = 1.25;
/** One probe may be a freak. */
const LEAST_PROBES = 2;
const STEEPNESSES = [4, 8, 16, 32, 64, 128, 512];
const POINTS = 60;
/** Candidates reach this far beyond the rates that were tried. */
const BEYOND = 1.5;

/**
 * Where one capacity explains the probes badly, and one before and another one after some moment explain them well. Each part takes what fits it
 * best, both with the same steepness, since that is the kind of service. Undefined where there was no such moment.
 */
export function capacityChangeOf(
  evidence: Omit<Evidence, 'probes'>,
  probes: readonly Loaded[],
): CapacityChange | undefined {
  // One that stands still now and then contradicts itself by nature.
  if (evidence.stalls || probes.length < 2 * LEAST_PROBES) return undefined;
  const tried = probes.map(({ perSecond }) => perSecond);
  const [low, high] = [Math.min(...tried) / BEYOND, Math.max(...tried) * BEYOND];
  const rates = Array.from({ length: POINTS }, (_, i) => low * (high / low) ** (i / (POINTS - 1)));
  // What no probe failed by is no limit: a queue that grows says nothing of it.
  const split = evidence.objectives
    .flatMap((_, at) => (probes.some(({ objectives }) => objectives[at]?.verdict === 'fail') ? [at] : []))
    .map((at) => bestSplit({ ...evidence, probes }, at, rates))
    .find(isClear);
  return (
    split && {
      from: split.from,
      before: described(probes.slice(0, split.from), split.beforePerSecond),
      after: described(probes.slice(split.from), split.afterPerSecond),
    }
  );
}

const isClear = ({ gain, beforePerSecond: before, afterPerSecond: after }: Split): boolean =>
  gain > CLEAR && Math.max(before / after, after / before) > LEAST_CHANGE;

interface Split {
  readonly from: number;
  readonly beforePerSecond: number;
  readonly afterPerSecond: number;
  readonly gain: number;
}

function described(probes: readonly Loaded[], perSecond: number): string {
  const rates = (bad: boolean): number[] => probes.filter((probe) => probe.bad === bad).map((probe) => probe.perSecond);
  const [carried, failed] = [rates(false), rates(true)];
  if (failed.length === 0) return `${rounded(Math.max(...carried))}/s or more`;
  return carried.length === 0 ? `less than ${rounded(Math.min(...failed))}/s` : `about ${rounded(perSecond)}/s`;
}

const rounded = (perSecond: number): string => String(Number(perSecond.toPrecision(2)));

function bestSplit(evidence: Evidence, at: number, rates: readonly number[]): Split {
  const { objectives, probes } = evidence;
  const context = contextOf(objectives[at] ?? { text: '' }, evidence, at);
  const likelihoods = probes.map((probe) => likelihoodOf(probe, at, context));
  let best: Omit<Split, 'gain'> & { readonly log: number } = {
    from: 0,
    beforePerSecond: 1,
    afterPerSecond: 1,
    log: Number.NEGATIVE_INFINITY,
  };
  let single = Number.NEGATIVE_INFINITY;
  for (const steepness of STEEPNESSES) {
    const logs = likelihoods.map((each) => rates.map((rate) => each(rate, steepness)));
    const [before, after] = [sumsOf(logs), sumsOf(logs.toReversed())];
    single = Math.max(single, highest(before.at(-1) ?? []).log);
    for (let from = LEAST_PROBES; from <= probes.length - LEAST_PROBES; from += 1) {
      const [first, second] = [highest(before[from - 1] ?? []), highest(after[probes.length - from - 1] ?? [])];
      const log = first.log + second.log;
      if (log > best.log)
        best = { from, beforePerSecond: rates[first.at] ?? 1, afterPerSecond: rates[second.at] ?? 1, log };
    }
  }
  return { ...best, gain: best.log - single };
}

/** Of the first, of the first two, and so on: for each candidate. */
function sumsOf(logs: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const sums: (readonly number[])[] = [];
  for (const each of logs) sums.push(each.map((log, i) => log + (sums.at(-1)?.[i] ?? 0)));
  return sums;
}

function highest(logs: readonly number[]): { readonly at: number; readonly log: number } {
  const log = Math.max(...logs);
  return { at: logs.indexOf(log), log };
}
