import { percentilesOf, valueAt, type Histogram } from '../../measure/histogram.ts';
import { addStep, emptyStep, type StepRecord } from '../../measure/interval.ts';
import { planSteps, type Plan } from '../../plan/plan.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import type { PhaseOutcome } from '../outcome.ts';
import type { Moments } from './moments.ts';

/** A step's service time in a phase, µs. */
export interface StepTimes {
  readonly ended: number;
  readonly failedRatio: number;
  readonly timedOutRatio: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly histogram: Histogram;
}

/** A step under little load and under much. */
export interface StepProfile {
  readonly name: string;
  /** It changes something: no GET and no HEAD. */
  readonly writes: boolean;
  /** A read of one object, by a key that its path ends in: an index or a cache answers it, where they do what they are for. What belongs to an object is a list. */
  readonly keyed: boolean;
  readonly light: StepTimes;
  readonly heavy: StepTimes;
  /** In the phase in which it went wrong: of what came later, under more load, everything may have given way. */
  readonly onset: StepTimes;
}

/** How the system answers under little load, and what becomes of it under much: all that can be known of it from outside. */
export interface LoadProfile {
  readonly steps: readonly StepProfile[];
  /** The step that takes most of the time under little load, far longer than the others; absent where they are alike. */
  readonly hog: StepProfile | undefined;
  /** Of one thread's time under little load, what the hog's own work takes: near 1 it has no time for anything else. */
  readonly hogBusy: number;
  /** Its trouble began under the little load. */
  readonly early: boolean;
  /** More than one load was offered, so that light and heavy differ. */
  readonly twoLoads: boolean;
  /**
   * Requests that were worked on at a time when it carried most, by Little's law: throughput × the time that a request takes where none
   * queues. Near 1 where one thread or lock serves all.
   */
  readonly atWork: number;
}

/** Fewer requests make no profile, and fewer of a step no quantiles. */
const LEAST_ENDED = 100;
const LEAST_OF_STEP = 10;
/** More than this, and it is another load. */
const HEAVIER = 1.5;
/** A hog takes half of all the time, several times as long as the others, and as long as people notice. */
const HOG = { share: 0.5, times: 3, us: 20_000 } as const;

const endedIn = ({ measurement }: PhaseOutcome): number =>
  [...measurement.total.steps.values()].reduce(
    (sum, { ledger }) => sum + ledger.ok + ledger.failed + ledger.timedOut,
    0,
  );

const loadOf = ({ measurement, ranSeconds }: PhaseOutcome): number =>
  measurement.within.arrivals.due / Math.max(1, ranSeconds);

/** Of too little to see anything: what needs no profile may be recognised all the same. */
const NO_PROFILE: LoadProfile = { steps: [], hog: undefined, hogBusy: 0, early: false, twoLoads: false, atWork: 0 };

/** Without steps where too little was sent to see anything. */
export function profileOf({ plan, outcomes }: AnalysedRun, { outcome }: Moments): LoadProfile {
  const enough = outcomes.filter((each) => each.phase.kind !== 'recovery' && endedIn(each) >= LEAST_ENDED);
  const byLoad = enough.toSorted((a, b) => loadOf(a) - loadOf(b));
  const [light, heavy] = [byLoad[0], byLoad.at(-1)];
  if (light === undefined || heavy === undefined) return NO_PROFILE;
  const early = loadOf(outcome) < HEAVIER * loadOf(light);
  const steps = stepsOf(plan, light, heavy).map((step) => ({ ...step, onset: early ? step.light : step.heavy }));
  if (steps.length === 0) return NO_PROFILE;
  const twoLoads = loadOf(heavy) >= HEAVIER * loadOf(light);
  const hog = hogOf(steps);
  const hogBusy = hog === undefined ? 0 : (hog.light.ended * hog.light.p10) / 1e6 / Math.max(1, light.ranSeconds);
  return { steps, hog, hogBusy, early, twoLoads, atWork: atWork(steps, heavy) };
}

interface Named {
  readonly light: StepRecord;
  readonly heavy: StepRecord;
  writes: boolean;
  keyed: boolean;
}

export const isByKey = (path: string): boolean => /\}\}[^/?]*(?:\?|$)/.test(path.split('?')[0] ?? '');

function stepsOf(plan: Plan, light: PhaseOutcome, heavy: PhaseOutcome): Omit<StepProfile, 'onset'>[] {
  const named = new Map<string, Named>();
  planSteps(plan).forEach(({ step: { name, method, path } }, number) => {
    const known = named.get(name) ?? { light: emptyStep(), heavy: emptyStep(), writes: false, keyed: true };
    named.set(name, known);
    known.writes ||= method !== 'get' && method !== 'head';
    known.keyed &&= isByKey(path) && !known.writes;
    addIf(known.light, light.measurement.total.steps.get(number));
    addIf(known.heavy, heavy.measurement.total.steps.get(number));
  });
  return [...named].flatMap(([name, { writes, keyed, ...records }]) => {
    const [little, much] = [timesOf(records.light), timesOf(records.heavy)];
    return little === undefined || much === undefined ? [] : [{ name, writes, keyed, light: little, heavy: much }];
  });
}

function addIf(into: StepRecord, found: StepRecord | undefined): void {
  if (found !== undefined) addStep(into, found);
}

function timesOf({ ledger, serviceTime }: StepRecord): StepTimes | undefined {
  const ended = ledger.ok + ledger.failed + ledger.timedOut;
  const times = percentilesOf(serviceTime);
  if (ended < LEAST_OF_STEP || times === undefined) return undefined;
  const { p50, p90, p99 } = times;
  const ratios = { failedRatio: ledger.failed / ended, timedOutRatio: ledger.timedOut / ended };
  return { ended, ...ratios, p10: valueAt(serviceTime, 10), p50, p90, p99, histogram: serviceTime };
}

const demandOf = ({ light }: StepProfile): number => light.ended * light.p50;

/** By the median, or where others wait for it by what is quickest of each, which found no other before it. */
const hogOf = (steps: readonly StepProfile[]): StepProfile | undefined => longestOf(steps) ?? longestAlone(steps);

function longestAlone(steps: readonly StepProfile[]): StepProfile | undefined {
  const [first, second] = steps.toSorted((a, b) => b.light.p10 - a.light.p10);
  if (first === undefined || second === undefined || first.light.p10 < HOG.us) return undefined;
  return first.light.p10 >= HOG.times * second.light.p10 ? first : undefined;
}

function longestOf(steps: readonly StepProfile[]): StepProfile | undefined {
  const [first, ...others] = steps.toSorted((a, b) => demandOf(b) - demandOf(a));
  if (first === undefined || others.length === 0 || first.light.p50 < HOG.us) return undefined;
  const all = steps.reduce((sum, each) => sum + demandOf(each), 0);
  const slowest = others.map(({ light }) => light.p50).toSorted((a, b) => a - b)[Math.floor(others.length / 2)] ?? 0;
  return demandOf(first) >= HOG.share * all && first.light.p50 >= HOG.times * slowest ? first : undefined;
}

function atWork(steps: readonly StepProfile[], { measurement }: PhaseOutcome): number {
  const ended = steps.reduce((sum, { light }) => sum + light.ended, 0);
  const meanUs = steps.reduce((sum, each) => sum + demandOf(each), 0) / ended;
  const carried = measurement.points.map((point) => point.throughputPerSecond).toSorted((a, b) => a - b);
  return ((carried[Math.floor(0.8 * carried.length)] ?? 0) * meanUs) / 1e6;
}
