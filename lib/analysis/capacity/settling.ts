import type { History, SearchSettings } from './history.ts';
import { totalOf } from './likelihood.ts';
import { failed, flowOf, SIGNIFICANT, type Probe, type Loaded } from './probe.ts';

/** Before a rate can be judged the service must be warm, and rid of what the last probe left in its queues. */
export type Settled =
  | { readonly probe: number; readonly purpose: 'warm-up' | 'cool-down' }
  | { readonly end: 'idle failure' | 'no recovery' | 'generator' }
  | undefined;

/** Seconds that a service may take to warm up, and to get rid of an overload. */
const PATIENCE_SECONDS = 45;

export function settledOf(settings: SearchSettings, probes: readonly Probe[], history: History): Settled {
  const last = probes.findLast((probe) => probe.void === undefined);
  if (last === undefined)
    return secondsOf(probes) < PATIENCE_SECONDS
      ? { probe: settings.startPerSecond, purpose: 'warm-up' }
      : { end: 'generator' };
  if (history.loaded.length === 0)
    return warmingOf(
      settings,
      probes.filter((probe) => probe.void === undefined),
    );
  return coolingOf(settings, probes, history);
}

/** Again while it fails. That it is warm at a low rate says little of a high one: a first failure there is tried again, see the search. */
function warmingOf({ startPerSecond }: SearchSettings, warmUps: readonly Probe[]): Settled {
  const last = warmUps.at(-1);
  if (last === undefined || !failed(last)) return undefined;
  return secondsOf(warmUps) < PATIENCE_SECONDS
    ? { probe: startPerSecond, purpose: 'warm-up' }
    : { end: 'idle failure' };
}

function coolingOf(
  { startPerSecond, objectives }: SearchSettings,
  probes: readonly Probe[],
  { loaded, noise }: History,
): Settled {
  const from = probes.findLastIndex(({ purpose }) => purpose !== 'cool-down');
  const before = probes[from];
  if (
    before === undefined ||
    before.purpose === 'warm-up' ||
    !(flowOf(before, noise).collapsed || before.aborted !== undefined || endsBadly(before, objectives))
  )
    return undefined;
  const cools = probes.slice(from + 1).filter((probe) => probe.void === undefined);
  const last = cools.at(-1);
  if (last !== undefined && hasRecovered(last) && !hasBacklog(last, loaded)) return undefined;
  if (secondsOf(cools) >= PATIENCE_SECONDS) return { end: 'no recovery' };
  const idle = cools.length < 2 ? IDLE_RATIO * highestPass(loaded) : 0;
  return { probe: Math.max(startPerSecond, idle), purpose: 'cool-down' };
}

/**
 * Its queue is long still, and the next probe would begin with it. Times beyond the limit say so by the share that is allowed, since often
 * a part of the requests alone waits there, such as logins; a service that turns away has no queue but where it fails nearly all.
 */
const endsBadly = ({ objectives }: Probe, asked: SearchSettings['objectives']): boolean =>
  objectives.some(({ verdict, seconds, quantileUs = 0 }, at) => {
    const { count, bad } = seconds.at(-1) ?? { count: 0, bad: 0 };
    const { allowedRatio = 1 / 2 } = asked[at] ?? {};
    return verdict === 'fail' && bad > count * (quantileUs > LONG_WAIT_US ? allowedRatio : 1 / 2);
  });

/** Near its capacity a service works off a queue at a tenth of its rate: one of this length within the seconds in which a probe settles. */
const LONG_WAIT_US = 200_000;

/** Replies come, and within the objectives. */
export const hasRecovered = (cool: Probe): boolean => !failed(cool) && cool.seconds.some(({ ok }) => ok > 0);

/**
 * More are under way than twice what a pass of that rate had, by Little's law, and chance: what waits has not ended, and no figure of
 * what ended shows it.
 */
function hasBacklog({ users, perSecond }: Probe, loaded: readonly Loaded[]): boolean {
  const passes = loaded.filter(({ bad }) => !bad);
  const usual = perSecond * Math.max(...passes.map((pass) => pass.users / pass.perSecond));
  return passes.length > 0 && users > 2 * usual + BEYOND_CHANCE * Math.sqrt(usual) + 1;
}

/** Of the rate that was carried: enough to see whether replies come as before, too little to keep a queue alive; in the end it is the lowest rate. */
const IDLE_RATIO = 0.2;

export const highestPass = (loaded: readonly Loaded[]): number =>
  Math.max(0, ...loaded.filter(({ bad }) => !bad).map(({ perSecond }) => perSecond));

/** The highest rate that the generator was seen to offer as planned, whatever the service made of it. */
export const offeredPerSecond = (probes: readonly Probe[]): number =>
  Math.max(0, ...probes.filter((probe) => probe.void === undefined).map(({ perSecond }) => perSecond));

export const secondsOf = (probes: readonly Probe[]): number =>
  probes.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);

/** A rate that was carried and is 15 % too high later, twice, is no chance. */
const CLEARLY_LESS = 0.85;

/** At 15 % more than the service carries it would have failed: a short probe of few requests passes by chance. */
const isSure = ({ flow, perSecond }: Loaded): boolean =>
  flow.growthError * SIGNIFICANT < (1 - CLEARLY_LESS) * perSecond;

/**
 * Whether the service carries less and less: of its overloads, two lie well below a rate that it carried before, or what it
 * carried in them fell from one to the next. One that stands still now and then looks so, too, in probes shorter than its stalls
 * are apart.
 */
export function isDeclining({ loaded, stalls, noise }: History): boolean {
  if (stalls) return false;
  const overloads = loaded.filter(({ flow }) => flow.collapsed);
  const lower = overloads.filter(
    (probe) => probe.perSecond < CLEARLY_LESS * highestPass(loaded.slice(0, loaded.indexOf(probe)).filter(isSure)),
  );
  if (lower.length >= 2) return true;
  return fallsFurther(overloads.filter(allWait).slice(-3), noise);
}

/** Each overload carried less than the one before, by more than chance. One that times out does so too, the longer an overload lasts and the more there is of it. */
function fallsFurther([first, second, third]: readonly Loaded[], noise: number): boolean {
  if (first === undefined || second === undefined || third === undefined) return false;
  const [before, between, last] = [first, second, third].map(({ flow }) => flow.throughputPerSecond);
  if (before === undefined || between === undefined || last === undefined) return false;
  const variance = (noise * before) / first.seconds.length + (noise * last) / third.seconds.length;
  return (
    (third.perSecond < before || third.seconds.every(({ ok, ended }) => ok === ended)) &&
    before > between &&
    between > last &&
    last < CLEARLY_LESS * before - BEYOND_CHANCE * Math.sqrt(variance)
  );
}

/** Where only some steps wait, the others go on being served, and the more of them the higher the rate: what is carried then says nothing of the service. */
const allWait = ({ objectives }: Probe): boolean =>
  objectives.every(({ quantileUs, seconds }) => {
    const { count, bad } = totalOf(seconds);
    return quantileUs === undefined || bad > count / 2;
  });

/** Standard errors. */
const BEYOND_CHANCE = 3;
