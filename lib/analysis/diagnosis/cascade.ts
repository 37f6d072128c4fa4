import { errorRatio } from '../../measure/ledger.ts';
import type { Resource } from '../../signals/signal.ts';
import { formatRatio, listed } from '../../units.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { firstStretch } from '../consecutive.ts';
import type { Observation } from './evidence.ts';
import { held, seen, type Facts } from './facts.ts';
import type { Hypothesis } from './hypothesis.ts';
import { placedPoints, pointsIn } from './moments.ts';

/** When something gave way, or users met it, in seconds of the run. */
export interface CascadeMoment {
  readonly atSeconds: number;
  readonly text: string;
}

/** The system's parts and its users are read each at moments of their own, a second apart. */
const SAME_MOMENT_SECONDS = 2;
const MOSTLY = 0.5;
/** So much of what requests became slower, and it is where they queue. */
const QUEUED = 0.4;
const FAILING = 0.05;

/** Parts that a service calls; its pool of connections is its own. */
const IS_CALLED = /^(?:downstream|cache|database)\.(?!connections)/;
/** What such a part is slow with and what it fails with is one failure, which has not spread. */
const IS_ONE_PART = /^(?:downstream|cache)\./;

/**
 * How what gave way first took others with it: it, the resources that it exhausts and that gave way after it, and what users met, in the
 * order of time ("Addressing Cascading Failures", SRE book, chapter 22). A queue alone is no cascade: every overload has one. Undefined
 * where nothing followed, or not in that order, and where nothing was well before.
 */
export function cascadeOf(
  { hypothesis, evidence }: { readonly hypothesis: Hypothesis; readonly evidence: readonly Observation[] },
  all: readonly Hypothesis[],
  facts: Facts,
  run: AnalysedRun,
): readonly CascadeMoment[] | undefined {
  const cause = causeIn(evidence);
  if (cause === undefined || facts.moments.calm === undefined) return undefined;
  const follows = ({ atSeconds }: CascadeMoment): boolean => atSeconds >= cause.atSeconds - SAME_MOMENT_SECONDS;
  const broken = missed(facts);
  if (!follows(broken)) return undefined;
  const resources = exhaustedBy(hypothesis, all);
  const exhausted = resources.flatMap((id) => beyondLimit(id, facts)).filter(follows);
  const queue = (resources.includes('service.workers') ? queued(facts) : []).filter(follows);
  const failures = failing(facts, run).filter(follows);
  const reachesUsers = failures.length > 0 && (queue.length > 0 || IS_CALLED.test(hypothesis.accuses));
  if (exhausted.length === 0 && !reachesUsers) return undefined;
  return [cause, ...inTime([...exhausted, ...queue, broken, ...failures])];
}

const inTime = (moments: readonly CascadeMoment[]): CascadeMoment[] =>
  moments.toSorted((a, b) => a.atSeconds - b.atSeconds);

const placed = (evidence: readonly Observation[]): CascadeMoment[] =>
  evidence.flatMap(({ text, atSeconds }) => (atSeconds === undefined ? [] : { text, atSeconds }));

/** By what shows it best of the system's own signals; what only leaves others out says nothing of when. */
function causeIn(evidence: readonly Observation[]): CascadeMoment | undefined {
  const own = evidence.filter(
    ({ signal, weight, eliminates }) => signal !== undefined && weight > 0 && eliminates !== true,
  );
  return placed(own.toSorted((a, b) => b.weight - a.weight))[0];
}

function exhaustedBy({ accuses, causes }: Hypothesis, all: readonly Hypothesis[]): Resource[] {
  const others = all.filter(({ name }) => causes.includes(name)).map(({ accuses: id }) => id);
  const [part] = IS_ONE_PART.exec(accuses) ?? [];
  return [...new Set(others)].filter((id) => id !== accuses && (part === undefined || !id.startsWith(part)));
}

/** Signals of a resource that are beyond their limits and were not before. */
const beyondLimit = (id: Resource, facts: Facts): CascadeMoment[] =>
  [...facts.readings.values()]
    .filter(({ signal }) => signal.accuses === id && signal.kind !== 'traffic')
    .flatMap(({ signal }) =>
      placed(seen(facts, signal.id, ({ beyond, beyondBefore }) => Number(beyond > MOSTLY && beyondBefore < MOSTLY))),
    );

/** Where no figure of its workers was read, the queue in front of a service shows that they are taken. */
function queued(facts: Facts): CascadeMoment[] {
  const grown = facts.places.get('front')?.growthShare ?? 0;
  return grown < QUEUED ? [] : placed(held(facts, 'front', () => 1, 'Waiting in front of the service takes'));
}

function missed({ moments: { missed: what, broken, trouble } }: Facts): CascadeMoment {
  const since = `from ${trouble.fromSeconds.toFixed(0)} s on`;
  return { atSeconds: trouble.fromSeconds, text: broken ? `${what} is missed, ${since}` : `${what}, ${since}` };
}

/** Since when requests fail that did not before. */
function failing({ client: { now, calm }, moments: { trouble } }: Facts, run: AnalysedRun): CascadeMoment[] {
  if (calm === undefined || calm.failedRatio + calm.timedOutRatio > FAILING) return [];
  const points = pointsIn(placedPoints(run), trouble);
  const first = points[firstStretch(points.map(({ point }) => errorRatio(point.ledger) > FAILING))];
  if (first === undefined) return [];
  const kinds = [...now.failures, ['timed out', now.timedOutRatio] as const]
    .filter(([, ratio]) => ratio > 0)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 2)
    .map(([kind, ratio]) => `${formatRatio(ratio)} ${kind}`);
  return [
    { atSeconds: first.atRun, text: `requests fail (${listed(kinds, 'and')}), from ${first.atRun.toFixed(0)} s on` },
  ];
}
