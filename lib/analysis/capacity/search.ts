import { beliefOf, historyOf, type Belief, type History, type SearchSettings } from './history.ts';
import { shownAbove, type Probe, type Purpose, type Loaded } from './probe.ts';
import { highestPass, isDeclining, offeredPerSecond, secondsOf, settledOf } from './settling.ts';

export type EndReason =
  | 'found'
  | 'budget'
  | 'highest rate'
  | 'generator'
  | 'idle failure'
  | 'no recovery'
  | 'declining';

export interface ProbeStep {
  readonly do: 'probe';
  readonly purpose: Purpose;
  readonly perSecond: number;
  readonly seconds: number;
  readonly settleSeconds: number;
}

export type SearchStep = ProbeStep | { readonly do: 'end'; readonly reason: EndReason };

const SHORT_SECONDS = 3;

/** A clockwork shows within seconds whether it keeps up. A queue with chance in it takes many times its relaxation time, which is up to 2 s near a capacity. */
const CLOCKWORK_SECONDS = 6;
const RANDOM_SECONDS = 15;
const CLOCKWORK_NOISE = 0.75;
/** One that stands still now and then has to be seen doing so more than once. */
const STALLING_SECONDS = 25;

/** What to do next, given all probes so far. Nothing is remembered from one call to the next. */
export function nextProbe(settings: SearchSettings, probes: readonly Probe[]): SearchStep {
  const step = wanted(settings, probes);
  if (step.do === 'end') return step;
  return affordable(settings, probes, step) ? step : { do: 'end', reason: 'budget' };
}

function wanted(settings: SearchSettings, probes: readonly Probe[]): SearchStep {
  const history = historyOf(settings, probes);
  if (isDeclining(history)) return { do: 'end', reason: 'declining' };
  const settled = settledOf(settings, probes, history);
  if (settled !== undefined)
    return 'end' in settled ? { do: 'end', reason: settled.end } : short(settled.purpose, settled.probe);
  const again = coldFailure(history);
  if (again !== undefined) return short('bracket', again.perSecond);
  const ceiling = ceilingOf(settings, probes);
  if (history.standing.some(({ bad }) => bad))
    return closing(settings, probes, { history, belief: beliefOf(settings, history), ceiling });
  const highest = highestPass(history.standing);
  if (highest >= ceiling.enoughPerSecond) return { do: 'end', reason: ceiling.reason };
  return short(
    'bracket',
    Math.min(ceiling.perSecond, highest === 0 ? settings.startPerSecond : factor(history) * highest),
  );
}

/** Where a request is under way for less than an eighth of the time, even a single server is idle enough for four times the rate. */
const factor = ({ standing }: History): number => ((standing.at(-1)?.users ?? 1) < 1 / 8 ? 4 : 2);

const short = (purpose: Purpose, perSecond: number): ProbeStep => ({
  do: 'probe',
  purpose,
  perSecond,
  seconds: SHORT_SECONDS,
  settleSeconds: purpose === 'cool-down' ? 2 : 1,
});

function affordable({ budget }: SearchSettings, probes: readonly Probe[], { perSecond, seconds }: ProbeStep): boolean {
  const requests = probes.reduce((sum, probe) => sum + probe.perSecond * probe.durationSeconds, 0);
  return (
    secondsOf(probes) + seconds <= budget.seconds && requests + perSecond * seconds <= (budget.requests ?? Infinity)
  );
}

/** The first failure of a bracket may be a cold service's: it is tried once more, and again while more is carried each time. */
function coldFailure({ loaded }: History): Loaded | undefined {
  const failures = loaded.filter(({ bad }) => bad);
  const last = failures.at(-1);
  if (last === undefined || last !== loaded.at(-1) || last.purpose !== 'bracket') return undefined;
  const before = failures.at(-2);
  if (before === undefined || before.perSecond !== last.perSecond) return last;
  return last.flow.throughputPerSecond > WARMER * before.flow.throughputPerSecond ? last : undefined;
}
const WARMER = 1.1;

interface Ceiling {
  /** The highest rate that may be asked for. */
  readonly perSecond: number;
  /** Where this much was carried there is no more to be asked for, and that is the reason. */
  readonly enoughPerSecond: number;
  readonly reason: 'highest rate' | 'generator';
}

/**
 * By the plan; or half-way to what the generator has failed to offer twice, until it is clear within a fifth where its limit lies. What
 * was void at a rate that it has offered at another time was void by chance: the machine was busy.
 */
function ceilingOf({ maxPerSecond }: SearchSettings, probes: readonly Probe[]): Ceiling {
  const offered = offeredPerSecond(probes);
  const voids = probes.filter((probe) => probe.void !== undefined && probe.perSecond > offered);
  const twice = voids.map(({ perSecond }) => perSecond).toSorted((a, b) => a - b)[1];
  if (twice === undefined || offered === 0)
    return { perSecond: maxPerSecond, enoughPerSecond: maxPerSecond, reason: 'highest rate' };
  return { perSecond: Math.sqrt(offered * twice), enoughPerSecond: BELOW_VOID * twice, reason: 'generator' };
}
const BELOW_VOID = 0.8;

interface Closing {
  readonly history: History;
  readonly belief: Belief;
  readonly ceiling: Ceiling;
}

function closing(
  settings: SearchSettings,
  probes: readonly Probe[],
  { history, belief, ceiling }: Closing,
): SearchStep {
  const { standing, noise, stalls } = history;
  const { low, middle, high, width } = belief;
  const { widthRatio, holdSeconds, budget } = settings;
  const narrow = width <= widthRatio;
  const seenAbove = isSeenAbove(settings, history, belief);
  const confirmed = isConfirmed(history, belief);
  if (narrow && seenAbove && confirmed && !isStale(history, probes)) return { do: 'end', reason: 'found' };
  const seconds = stalls ? STALLING_SECONDS : noise < CLOCKWORK_NOISE ? CLOCKWORK_SECONDS : RANDOM_SECONDS;
  const left = budget.seconds - secondsOf(probes);
  const last = left < holdSeconds + seconds + 2 * SHORT_SECONDS;
  const collapse = Math.min(...standing.filter(({ flow }) => flow.collapsed).map(({ perSecond }) => perSecond));
  // Far beyond a collapse there is nothing to learn, and much to recover from.
  const rate = (perSecond: number) =>
    Math.min(ceiling.perSecond, perSecond, Math.max(collapse, middle) * (1 + widthRatio));
  if (!confirmed && ((narrow && seenAbove) || last)) {
    const hold = Math.max(SHORT_SECONDS, Math.min(holdSeconds, left));
    return {
      do: 'probe',
      purpose: 'confirm',
      perSecond: rate((low + middle) / 2),
      seconds: hold,
      settleSeconds: hold > 8 ? 2 : 1,
    };
  }
  const above = 1 + Math.max(widthRatio, shownAbove(noise, middle, seconds));
  const perSecond = seenAbove ? next(belief, standing) : Math.min(high, middle * above);
  return {
    do: 'probe',
    purpose: 'close',
    perSecond: rate(isStale(history, probes) ? high * (2 * above - 1) : perSecond),
    seconds: Math.min(seconds, Math.max(SHORT_SECONDS, left)),
    settleSeconds: seconds > 8 ? 2 : 1,
  };
}

/** An overloaded service may carry less than it could: the capacity must have been seen from just above, too. */
const isSeenAbove = ({ widthRatio }: SearchSettings, { standing }: History, { middle }: Belief): boolean =>
  standing.some(({ bad, perSecond }) => bad && perSecond <= middle * (1 + 2 * widthRatio));

/**
 * The upper bound has not been seen for long: a service that scaled out meanwhile passes all that is asked of it, and what it failed at once
 * would be believed for ever.
 */
function isStale({ standing }: History, probes: readonly Probe[]): boolean {
  const last = standing.findLast(({ bad }) => bad);
  return secondsOf(probes.slice(probes.findIndex(({ seconds }) => seconds === last?.seconds) + 1)) > STALE_SECONDS;
}
const STALE_SECONDS = 30;

const isConfirmed = ({ standing }: History, { low }: Belief): boolean =>
  standing.some(({ bad, purpose, perSecond }) => purpose === 'confirm' && !bad && perSecond >= low);

/** An interval as wide as that leaves a capacity open to 15 % of it, either way. */
const WIDEST = 0.3;
/** A shorter probe may pass by its empty beginning. */
const SUPPORT_SECONDS = 10;

/**
 * A budget may end a search that knows the capacity, if less exactly than it was asked to: within the interval a probe met the objectives for
 * some time, and one there or just above it did not.
 */
export const isKnown = ({ widthRatio }: SearchSettings, { standing }: History, { low, high, width }: Belief): boolean =>
  width <= WIDEST &&
  standing.some(
    ({ bad, perSecond, purpose, seconds }) =>
      !bad && perSecond >= low && (purpose === 'confirm' || seconds.length >= SUPPORT_SECONDS),
  ) &&
  standing.some(({ bad, perSecond }) => bad && perSecond <= high * (1 + widthRatio));

/** By turns in the middle of what is believed, above and below. */
function next({ low, middle, high }: Belief, standing: readonly Loaded[]): number {
  const turn = standing.filter(({ purpose }) => purpose !== 'bracket').length % 3;
  return turn === 0 ? middle : turn === 1 ? (middle + high) / 2 : (middle + low) / 2;
}
