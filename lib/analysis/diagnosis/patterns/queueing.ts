import { formatNumber, formatRatio, formatUs } from '../../../units.ts';
import type { LoadProfile, StepProfile } from '../profile.ts';
import { namesOfSteps, type Pattern, type Recognise } from './pattern.ts';

/** Waits with the slowest: by this share of its wait, and by as much as people notice. */
const WITH = { share: 0.05, us: 40_000 } as const;
/** Something that serves one request at a time is full at 1, two cores at 2. */
const ONE_AT_A_TIME = 1.3;
const CORES = 2.5;
/** Time that is spent waiting, or that a core is free for, varies less than this from request to request. */
const STEADY = 1.6;
const SAME = 1.3;
/** Beyond some 80 % of its time a server's queue grows (M/M/1). */
const USED_UP = 0.8;
/** All steps take about the same under little load: a common part takes the time. */
const COMMON = { times: 2.5, us: 8000 } as const;

const waitUs = ({ light, heavy }: StepProfile): number => heavy.p90 - light.p90;

/** Under more load requests wait in a queue. Which it is shows by who waits with whom, and by how many are worked on at a time. */
export const queueing: Recognise = (outside) => {
  const found = queueIn(outside);
  return found && { ...found, ofTimes: true };
};

const queueIn: Recognise = ({ profile }) => {
  const { steps, hog, early, twoLoads } = profile;
  const longest = Math.max(...steps.map(waitUs));
  const waiting = steps.filter((step) => waitUs(step) > Math.max(WITH.us, WITH.share * longest));
  if (early && hog !== undefined) return slowByItself(profile, hog);
  if (!twoLoads || waiting.length === 0) return undefined;
  if (hog === undefined) return waiting.length === steps.length ? allAlike(profile) : undefined;
  const others = waiting.filter((step) => step !== hog);
  if (others.length === 0) return byItself(hog, `only ${hog.name} waits under more load`);
  const spared = steps.filter((step) => step !== hog && !waiting.includes(step));
  return withOthers(profile, hog, { others, spared });
};

/** Slow under little load, before anything queues, so it is the step's own work. */
function slowByItself({ steps, hogBusy }: LoadProfile, hog: StepProfile): Pattern | undefined {
  const text = `${hog.name} takes ${formatUs(hog.light.p50)} even under little load`;
  const others = steps.filter((step) => step !== hog);
  // The lightest step waits as well: what all of them need is short.
  const dragged = others.every(({ light }) => light.p90 > WITH.us && light.p90 > 10 * light.p10);
  if (!dragged) return byItself(hog, text);
  // With time left the thread that all need is not used up: it is held now and then, for as long as that step takes.
  const points: Pattern['points'] =
    hogBusy < USED_UP ? { 'event-loop': 0.42, 'service-cpu': 0.36 } : { 'service-cpu': 0.36, 'slow-statements': 0.3 };
  return { text: `${text}, and every other step waits at times`, points };
}

/** Who waits for a lock waits for more or for less of the others; what takes the same time each time is a request's own. */
const isSame = ({ light }: StepProfile): boolean => light.p90 < SAME * light.p10;

/** A step that is slow while others aren't, by what it does. */
function byItself(hog: StepProfile, text: string): Pattern {
  if (hog.writes && isSame(hog))
    return {
      text: `${text}, nine of ten times no more than ${formatUs(hog.light.p90)}, and it writes`,
      points: { 'slow-statements': 0.38, 'lock-contention': 0.3 },
    };
  if (hog.writes) return { text: `${text}, and it writes`, points: { 'lock-contention': 0.42 } };
  return hog.keyed
    ? { text: `${text}, and it reads by a key`, points: { 'cache-misses': 0.38, 'slow-statements': 0.34 } }
    : { text: `${text}, and it reads`, points: { 'slow-statements': 0.4, 'statements-per-request': 0.36 } };
}

interface Company {
  readonly others: readonly StepProfile[];
  readonly spared: readonly StepProfile[];
}

/** Others wait where a slow step is. */
function withOthers({ atWork }: LoadProfile, hog: StepProfile, { others, spared }: Company): Pattern {
  const place = `${hog.name} takes ${formatUs(hog.light.p50)} under little load, and under more ${namesOfSteps(others)} wait with it`;
  const rest = spared.length === 0 ? '' : `, but not ${namesOfSteps(spared)}`;
  const text = `${place}${rest}; about ${formatNumber(atWork)} are worked on at a time`;
  if (hog.writes)
    return { text: `${text}, and ${hog.name} writes`, points: { 'lock-contention': 0.42, 'connection-pool': 0.34 } };
  const steady = hog.light.p90 < STEADY * hog.light.p10;
  if (spared.length === 0 && atWork < ONE_AT_A_TIME)
    return { text, points: { 'event-loop': 0.42, 'service-cpu': 0.34 } };
  // What waits takes as long beside others as alone; what computes takes longer.
  if (steady) return { text, points: { 'connection-pool': 0.42, 'worker-pool': spared.length === 0 ? 0.36 : 0.2 } };
  return byItself(
    hog,
    `${text}; its time varies ${formatNumber(hog.light.p90 / hog.light.p10)} times under little load`,
  );
}

/** No step stands out, and all wait: for a core, or for a thread that is free. */
function allAlike({ steps, atWork }: LoadProfile): Pattern {
  const bases = steps.map(({ light }) => light.p50);
  const [least, most] = [Math.min(...bases), Math.max(...bases)];
  const common = least > COMMON.us && most < COMMON.times * least;
  const bad = Math.max(...steps.map(({ heavy }) => heavy.timedOutRatio));
  const seen = `every step waits under more load${bad > 0.05 ? ` (up to ${formatRatio(bad)} time out)` : ''}`;
  const text = `${seen}; about ${formatNumber(atWork)} are worked on at a time${common ? `, and each takes ${formatUs(least)} or more under little load` : ''}`;
  return common && atWork >= CORES
    ? { text, points: { 'worker-pool': 0.42, 'service-cpu': 0.34 } }
    : { text, points: { 'service-cpu': 0.42, 'worker-pool': 0.34, 'event-loop': 0.3 } };
}
