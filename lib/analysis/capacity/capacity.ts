import { sustainedPerSecond } from './bursts.ts';
import { beliefOf, historyOf, type Belief, type History, type SearchSettings } from './history.ts';
import { failed, flowOf, type Probe, type Purpose, type Loaded } from './probe.ts';
import { counted } from '../../units.ts';
import { isKnown, nextProbe, type EndReason } from './search.ts';
import { hasRecovered, highestPass } from './settling.ts';

/** What a search has found: the answer, how sure it is, and what it is drawn from. */
export interface Capacity {
  /** Unknown is an answer, too, and so is that there is no rate which the service carries for long. */
  readonly verdict: 'found' | 'declining' | 'unknown';
  readonly reason: string;
  /** Arrivals a second that the service carries within its objectives; the best answer so far where it isn't known. */
  readonly perSecond?: number;
  /** Successes a second, and requests under way, at that rate. */
  readonly throughputPerSecond?: number;
  readonly users?: number;
  /** Holds the capacity with the probability `confidence`. */
  readonly interval?: readonly [low: number, high: number];
  readonly confidence: number;
  /** The interval is more than half as wide again as was asked for: the budget ended the search, and the capacity is known no better than that. */
  readonly wide?: true;
  /** The longest probe within the interval that met the objectives, and its rate. */
  readonly holdSeconds: number;
  readonly heldPerSecond?: number;
  /** The one that broke first. */
  readonly objective?: string;
  /** The highest rate beyond capacity from which the service recovered unaided, and in how many seconds. */
  readonly recoversFromPerSecond?: number;
  readonly recoverySeconds?: number;
  /** Successes a second while requests piled up. */
  readonly goodputAbovePerSecond?: number;
  readonly probes: readonly ProbeRow[];
}

/** A probe as a chart and a table show it. */
export interface ProbeRow {
  readonly purpose: Purpose;
  readonly perSecond: number;
  readonly seconds: number;
  readonly verdict: 'pass' | 'fail' | 'unsure' | 'void';
  readonly throughputPerSecond: number;
  readonly users: number;
  readonly meanUs: number;
  /** Of each objective on response time, in their order. */
  readonly quantilesUs: readonly (number | undefined)[];
  readonly failedRatio: number;
  readonly piledUp: boolean;
  readonly void?: string;
}

export function capacityOf(settings: SearchSettings, probes: readonly Probe[]): Capacity {
  const step = nextProbe(settings, probes);
  const history = historyOf(settings, probes);
  const rows = probes.map((probe) => rowOf(probe, history.noise));
  const shared = {
    confidence: settings.confidence,
    probes: rows,
    ...recoveryOf(probes, history),
    ...goodputOf(history),
  };
  const reason = step.do === 'end' ? step.reason : 'interrupted';
  if (reason === 'declining' || !history.standing.some(({ bad }) => bad))
    return { ...shared, ...unbounded(history, probes, reason) };
  const belief = beliefOf(settings, history);
  const sustained = sustainedPerSecond(history.standing, settings.objectives);
  if (sustained !== undefined && belief.middle > ABOVE_SUSTAINED * sustained)
    return { ...shared, verdict: 'unknown', reason: burstSentence(sustained), perSecond: sustained, holdSeconds: 0 };
  const found = reason === 'found' || (reason === 'budget' && isKnown(settings, history, belief));
  return {
    ...shared,
    verdict: found ? 'found' : 'unknown',
    ...(found && belief.width > WIDER * settings.widthRatio && { wide: true as const }),
    reason: [sentenceOf(reason, settings, belief), ...changeSentence(history), ...voidSentence(reason, probes)].join(
      ' ',
    ),
    ...answerOf(settings, history, belief),
  };
}

/** Besides the failures that are allowed, within what a third of a probe shows. */
const ABOVE_SUSTAINED = 1.03;

const burstSentence = (perSecond: number): string =>
  `The service carries more for some seconds than for long: once it began to turn requests away it carried ${rounded(perSecond)}/s. Raise the plan's hold and budget until its probes outlast what it saves up, or search below that rate.`;

/** An interval up to this much wider than asked for is no doubt. */
const WIDER = 1.5;

const changeSentence = ({ change }: History): string[] =>
  change === undefined
    ? []
    : [
        `The service's capacity changed during the search: ${change.before} before, ${change.after} after; what was seen before is not counted. Search with fixed tasks, and a machine without bursts.`,
      ];

/** Without a failure there is but a lower bound, and for a service that declines not even that. */
function unbounded(
  history: History,
  probes: readonly Probe[],
  reason: EndReason | 'interrupted',
): Pick<Capacity, 'verdict' | 'reason' | 'perSecond' | 'holdSeconds'> {
  const best = highestPass(history.change === undefined ? history.loaded : history.standing);
  if (reason === 'declining') return { verdict: 'declining', reason: SENTENCES.declining, holdSeconds: 0 };
  const bound = best > 0 ? [`It carried ${rounded(best)}/s, which is a lower bound.`] : [];
  return {
    verdict: 'unknown',
    reason: [SENTENCES[reason], ...bound, ...changeSentence(history), ...voidSentence(reason, probes)].join(' '),
    holdSeconds: 0,
    ...(best > 0 && { perSecond: best }),
  };
}

const SENTENCES: Readonly<Record<EndReason | 'interrupted', string>> = {
  found: 'The interval is as narrow as asked for, and a hold within it met the objectives.',
  budget: 'The budget was spent before the interval was as narrow as asked for, and held.',
  interrupted: 'The search was ended before the interval was as narrow as asked for and held.',
  'highest rate': 'The highest rate allowed was reached without a failure: raise it to find the capacity.',
  generator: 'The generator is the limit: give it more workers, or a machine that does less besides.',
  'idle failure':
    'The objectives fail even at the lowest rate: the service is broken or the objectives are beyond what it can do.',
  'no recovery': 'The service did not recover from an overload: restart it, and search with a lower highest rate.',
  declining: 'The service carries less the longer it works: there is no rate that it sustains.',
};

function sentenceOf(reason: EndReason | 'interrupted', { widthRatio }: SearchSettings, { width }: Belief): string {
  if (reason !== 'budget' && reason !== 'interrupted') return SENTENCES[reason];
  return `${SENTENCES[reason]} The interval is ${rounded(100 * width)} % wide; ${rounded(100 * widthRatio)} % was asked for: a larger budget narrows it.`;
}

/** Void probes cost the search its time; from this share on they are why it is not sure. */
const MANY_VOID_RATIO = 0.15;

function voidSentence(reason: EndReason | 'interrupted', probes: readonly Probe[]): string[] {
  const voids = probes.flatMap((probe) => probe.void ?? []);
  const last = voids.at(-1);
  if (last === undefined || reason === 'found' || voids.length < MANY_VOID_RATIO * probes.length) return [];
  return [`${voids.length} of ${counted(probes.length, 'probe')} were void, the last since ${last}.`];
}

const rounded = (value: number): string => String(Number(value.toPrecision(3)));

type Answer = Pick<
  Capacity,
  'perSecond' | 'throughputPerSecond' | 'users' | 'interval' | 'holdSeconds' | 'heldPerSecond' | 'objective'
>;

function answerOf({ objectives }: SearchSettings, { standing }: History, { low, middle, high }: Belief): Answer {
  const held = standing
    .filter(({ bad, perSecond }) => !bad && perSecond >= low)
    .toSorted((a, b) => b.durationSeconds - a.durationSeconds)[0];
  // Figures at the capacity are those of the pass nearest to it, in proportion to what had started there: of random arrivals some percent more or fewer than asked for.
  const nearest = standing
    .filter(({ bad }) => !bad)
    .toSorted((a, b) => Math.abs(a.perSecond - middle) - Math.abs(b.perSecond - middle))[0];
  const broke = brokeFirst(standing, objectives);
  return {
    perSecond: middle,
    interval: [low, high],
    holdSeconds: held?.durationSeconds ?? 0,
    ...(held !== undefined && { heldPerSecond: held.perSecond }),
    ...(nearest !== undefined && {
      throughputPerSecond: (nearest.flow.throughputPerSecond * middle) / startedPerSecond(nearest),
      users: (nearest.users * middle) / startedPerSecond(nearest),
    }),
    ...(broke !== undefined && { objective: broke }),
  };
}

const startedPerSecond = ({ seconds, perSecond }: Loaded): number =>
  seconds.reduce((sum, { started }) => sum + started, 0) / seconds.length || perSecond;

/** Of the failures at the lowest rate the first objective, or what ended that probe. */
function brokeFirst(standing: readonly Loaded[], objectives: SearchSettings['objectives']): string | undefined {
  const lowest = standing.filter(failed).toSorted((a, b) => a.perSecond - b.perSecond)[0];
  const at = lowest?.objectives.findIndex(({ verdict }) => verdict === 'fail') ?? -1;
  return objectives[at]?.text ?? lowest?.aborted;
}

function recoveryOf(
  probes: readonly Probe[],
  { noise }: History,
): Pick<Capacity, 'recoversFromPerSecond' | 'recoverySeconds'> {
  let best: { recoversFromPerSecond: number; recoverySeconds: number } | undefined;
  for (const [at, probe] of probes.entries()) {
    if (probe.void !== undefined || !flowOf(probe, noise).collapsed) continue;
    const after = probes.slice(at + 1);
    const end = after.findIndex(({ purpose }) => purpose !== 'cool-down');
    const cools = end === -1 ? after : after.slice(0, end);
    const recovered = cools.findIndex(hasRecovered);
    if (recovered === -1 || probe.perSecond <= (best?.recoversFromPerSecond ?? 0)) continue;
    const recoverySeconds = cools
      .slice(0, recovered + 1)
      .reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
    best = { recoversFromPerSecond: probe.perSecond, recoverySeconds };
  }
  return best ?? {};
}

function goodputOf({ standing }: History): Pick<Capacity, 'goodputAbovePerSecond'> {
  const carried = standing.filter(({ flow }) => flow.collapsed).map(({ flow }) => flow.throughputPerSecond);
  return carried.length === 0
    ? {}
    : { goodputAbovePerSecond: carried.reduce((sum, each) => sum + each, 0) / carried.length };
}

function rowOf(probe: Probe, noise: number): ProbeRow {
  const { purpose, perSecond, durationSeconds, users, meanUs, objectives, seconds } = probe;
  const flow = flowOf(probe, noise);
  const ended = seconds.reduce((sum, each) => sum + each.ended, 0);
  const ok = seconds.reduce((sum, each) => sum + each.ok, 0);
  return {
    purpose,
    perSecond,
    seconds: durationSeconds,
    verdict: verdictOf(probe),
    throughputPerSecond: flow.throughputPerSecond,
    users,
    meanUs,
    quantilesUs: objectives.map(({ quantileUs }) => quantileUs),
    failedRatio: ended === 0 ? 0 : 1 - ok / ended,
    piledUp: flow.collapsed,
    ...(probe.void !== undefined && { void: probe.void }),
  };
}

function verdictOf(probe: Probe): ProbeRow['verdict'] {
  if (probe.void !== undefined) return 'void';
  if (failed(probe)) return 'fail';
  return probe.objectives.some(({ verdict }) => verdict === 'unknown') ? 'unsure' : 'pass';
}
