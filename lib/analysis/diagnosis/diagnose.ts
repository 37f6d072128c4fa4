import type { Resource } from '../../signals/signal.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { scoreOf, type Observation } from './evidence.ts';
import type { Hypothesis } from './hypothesis.ts';
import { cascadeOf, type CascadeMoment } from './cascade.ts';
import { gatherFacts, type Facts } from './facts.ts';
import { fromOutside } from './outside.ts';
import { remembered } from './remembered.ts';
import type { SignalReadings } from './readings.ts';
import { hypotheses } from './index.ts';
import { placedPoints } from './moments.ts';

export type Confidence = 'low' | 'medium' | 'high';

/** A hypothesis that was held against the run, and what came of it. */
export interface RankedCause {
  /** The hypothesis' name, finer than the resource. */
  readonly hypothesis: string;
  readonly id: Resource;
  readonly confidence: Confidence;
  /** Between 0 and 1; it orders, and is no probability. */
  readonly score: number;
  /** When its evidence begins, in seconds of the run, and the arrivals or requests a second that were offered then. */
  readonly sinceSeconds: number;
  readonly perSecond: number;
  /** What convinces most first. */
  readonly supporting: readonly Observation[];
  readonly contradicting: readonly Observation[];
  readonly remedy: string;
  /** Signals that were not read though others of the service were, and that would say whether it only follows from what users' figures speak for. */
  readonly undecidedBy: readonly string[];
}

/** Why it went wrong, the likeliest first; none where nothing that was read convinces. */
export interface Diagnosis {
  /** What was missed, as an objective or in words, and since when in seconds of the run. */
  readonly missed: string;
  readonly sinceSeconds: number;
  /** An objective was missed; else it only became much slower, or requests failed. */
  readonly broken: boolean;
  readonly causes: readonly RankedCause[];
  /** Signals that were not read and would decide. */
  readonly wanted: readonly string[];
  /** How the likeliest cause took others with it, in the order of time; absent where it did not. */
  readonly cascade?: readonly CascadeMoment[];
}

interface Candidate {
  readonly hypothesis: Hypothesis;
  readonly evidence: readonly Observation[];
  readonly raw: number;
  readonly score: number;
}

/** Below this a hypothesis is no more than possible. */
const LEAST = 0.3;
/** What is as likely as this explains what follows from it. */
const EXPLAINS = 0.5;
/** A consequence holds by itself, so little of it is left as a cause. */
const LEFT_OF_CONSEQUENCE = 0.3;

/** Undefined where nothing went wrong. */
export const diagnosis = remembered((run: AnalysedRun): Diagnosis | undefined => {
  const facts = gatherFacts(run);
  if (facts === undefined) return undefined;
  const ranked = rank(
    hypotheses.map((hypothesis) => ({
      hypothesis,
      evidence: [...hypothesis.weigh(facts), ...fromOutside(facts, hypothesis)],
    })),
  );
  const causes = ranked
    .filter(({ score }) => score >= LEAST)
    .map((candidate) => causeOf(candidate, ranked, facts, run));
  const { missed, broken, trouble } = facts.moments;
  // What is a guess itself explains nothing else.
  const likeliest = ranked.slice(0, 1).filter(() => (causes[0]?.confidence ?? 'low') !== 'low');
  const [cascade] = likeliest.map((each) => cascadeOf(each, hypotheses, facts, run));
  const wanted = wantedOf(ranked, facts);
  return { missed, sinceSeconds: trouble.fromSeconds, broken, causes, wanted, ...(cascade && { cascade }) };
});

/** By their scores, those that follow from another set back. */
function rank(weighed: readonly Pick<Candidate, 'hypothesis' | 'evidence'>[]): Candidate[] {
  const raw = new Map(weighed.map(({ hypothesis: { name }, evidence }) => [name, scoreOf(evidence)]));
  return weighed
    .map(({ hypothesis, evidence }) => {
      const own = raw.get(hypothesis.name) ?? 0;
      const why = weighed.filter(({ hypothesis: { causes } }) => causes.includes(hypothesis.name));
      const best = Math.max(0, ...why.map(({ hypothesis: { name } }) => raw.get(name) ?? 0));
      const left = best < EXPLAINS ? 1 : 1 - (1 - LEFT_OF_CONSEQUENCE) * best;
      return { hypothesis, evidence, raw: own, score: own * left };
    })
    .toSorted((a, b) => b.score - a.score);
}

function causeOf(candidate: Candidate, ranked: readonly Candidate[], facts: Facts, run: AnalysedRun): RankedCause {
  const { hypothesis, evidence, score } = candidate;
  const sorted = evidence.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const supporting = sorted.filter(({ weight }) => weight > 0);
  const sinceSeconds = Math.min(...supporting.map(({ atSeconds }) => atSeconds ?? facts.moments.trouble.fromSeconds));
  return {
    hypothesis: hypothesis.name,
    id: hypothesis.accuses,
    confidence: confidenceOf(candidate, ranked, facts),
    score: Math.round(score * 100) / 100,
    sinceSeconds,
    perSecond: offeredAt(run, sinceSeconds),
    supporting,
    contradicting: sorted.filter(({ weight }) => weight < 0),
    remedy: hypothesis.remedy(facts),
    undecidedBy: undecidedBy(hypothesis, ranked, facts),
  };
}

/** What a signal by itself must weigh to be one of those that agree. */
const LINE = 0.2;

/**
 * Hypotheses of which it would be a consequence and that could not be held against the run, since nothing was read that decides them:
 * what was not read may be the cause.
 */
const undecided = (
  { name, accuses }: Hypothesis,
  ranked: readonly Candidate[],
  { readings }: Facts,
): readonly Candidate[] =>
  ranked
    .filter(({ hypothesis: { causes, seldomRead } }) => causes.includes(name) && seldomRead !== true)
    .filter(({ hypothesis: { decidedBy } }) => decidedBy.length > 0 && !decidedBy.some((id) => readings.has(id)))
    .filter(({ hypothesis }) => hypothesis.accuses !== accuses && isThere(hypothesis.decidedBy[0] ?? '', readings));

function undecidedBy(hypothesis: Hypothesis, ranked: readonly Candidate[], facts: Facts): readonly string[] {
  if (!isScraped(facts)) return [];
  const missing = undecided(hypothesis, ranked, facts)
    .filter(({ raw }) => raw >= LEAST)
    .flatMap(({ hypothesis: { decidedBy } }) => decidedBy.slice(0, 1));
  const open = hypothesis.follows?.(facts) === true ? (hypothesis.leftOpenBy?.(facts) ?? []) : [];
  return [...new Set([...open, ...missing])];
}

/** What a service says of itself was read; then what is missing is missing, and not out of sight as all of it is for CloudWatch or a client alone. */
const isScraped = ({ readings }: Facts): boolean => readings.has('service.scrape-time');

/** A service and, where it has one, its database are always there; a cache and others that it calls only where something was read of them. */
function isThere(id: string, readings: SignalReadings): boolean {
  const family = id.slice(0, id.indexOf('.') + 1);
  return (
    family === 'service.' || family === 'database.' || [...readings.keys()].some((each) => each.startsWith(family))
  );
}

/**
 * High only where whatever would explain it was looked for, two of the system's own signals agree, one of which is of the cause itself, nothing of weight speaks against it, and no other resource comes near;
 * never by what users met alone, nor in a phase that is void.
 */
function confidenceOf(
  { hypothesis, evidence, score }: Candidate,
  ranked: readonly Candidate[],
  facts: Facts,
): Confidence {
  if ((hypothesis.leftOpenBy?.(facts) ?? []).length > 0) return 'low';
  const others = ranked.filter(({ hypothesis: { accuses } }) => accuses !== hypothesis.accuses);
  const ahead = score - Math.max(0, ...others.map((each) => each.score));
  const witnesses = evidence.filter(({ signal, weight }) => signal !== undefined && weight > LINE);
  const lines = new Set(witnesses.map(({ signal }) => signal));
  const own = witnesses.filter(({ eliminates }) => eliminates !== true);
  const against = Math.min(0, ...evidence.map(({ weight }) => weight));
  if (
    undecided(hypothesis, ranked, facts).length === 0 &&
    score >= 0.8 &&
    ahead >= 0.25 &&
    lines.size >= 2 &&
    own.length > 0 &&
    against > -0.4 &&
    facts.voids.length === 0
  )
    return 'high';
  // That nothing else explains it lends no weight to a guess.
  const guessed = scoreOf(evidence.filter(({ eliminates }) => eliminates !== true));
  return (own.length > 0 ? score >= 0.5 : Math.min(score, guessed) >= 0.7) && ahead >= 0.1 ? 'medium' : 'low';
}

function offeredAt(run: AnalysedRun, seconds: number): number {
  const point = placedPoints(run).findLast(({ atRun }) => atRun <= seconds)?.point;
  return point === undefined ? 0 : Math.max(point.offeredPerSecond, point.throughputPerSecond);
}

/** What no hypothesis could be held against, where none convinces. */
function wantedOf(ranked: readonly Candidate[], { readings }: Facts): string[] {
  if ((ranked[0]?.score ?? 0) >= EXPLAINS) return [];
  const lacking = ranked.flatMap(({ hypothesis: { decidedBy } }) =>
    decidedBy.some((id) => readings.has(id)) ? [] : decidedBy.slice(0, 1),
  );
  return [...new Set(lacking)];
}
