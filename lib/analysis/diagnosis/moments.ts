import type { Point } from '../../measure/measurement.ts';
import { errorRatio } from '../../measure/ledger.ts';
import { formatBytes, formatUs } from '../../units.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { medianValue } from '../compare/middle.ts';
import { findBreak, firstBreak } from '../breaking-point.ts';
import { parseObjective } from '../../plan/objective.ts';
import { isHalfEmpty } from './heap.ts';
import type { PhaseFindings } from '../phase.ts';
import type { PhaseOutcome } from '../outcome.ts';
import { remembered } from './remembered.ts';
import { phasesThatCount } from '../verdict.ts';

/** Seconds of the run, both ends included. */
export interface Span {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** When it went wrong, and when all was still well: the two stretches that a diagnosis compares. */
export interface Moments {
  readonly trouble: Span;
  /** Undefined where nothing was well before. */
  readonly calm: Span | undefined;
  /** What was missed, in words. */
  readonly missed: string;
  /** An objective broke; else nothing did, and it only became slower. */
  readonly broken: boolean;
  readonly outcome: PhaseOutcome;
  /** Requests that came to an end since the run began, until the end of the trouble. */
  readonly endedUntil: number;
}

/** A point, and where it lies on the run's axis. */
export interface PlacedPoint {
  readonly atRun: number;
  readonly point: Point;
}

/** The first seconds fill pools, caches and compiled code. */
const SETTLE_SECONDS = 3;
/** A queue builds up before an objective breaks. */
const BUILD_UP_SECONDS = 3;
/** The beginning says what gave way; later everything has. */
const ONSET_SECONDS = 10;
const ONSET_SHARE = 0.3;
const LEAST_CALM_POINTS = 4;
/** What is this much slower than it was under little load, and by this much, users notice. */
const SLOWER = 4;
const SLOWER_BY_US = 100_000;
const FAILING = 0.02;

export const placedPoints = (run: AnalysedRun, outcomes = run.outcomes): PlacedPoint[] =>
  outcomes.flatMap(({ startedAtMs, measurement }) =>
    measurement.points.map((point) => ({ atRun: (startedAtMs - run.startedAtMs) / 1000 + point.atSeconds, point })),
  );

/** Undefined where nothing broke, and nothing became much slower or began to fail. */
export function troubleMoments(run: AnalysedRun): Moments | undefined {
  const found = foundMoments(run);
  if (found === undefined) return undefined;
  const until = placedPoints(run).filter(({ atRun }) => atRun <= found.trouble.toSeconds);
  const endedUntil = until.reduce((sum, { point: { ledger } }) => sum + ledger.ok + ledger.failed + ledger.timedOut, 0);
  return { ...found, endedUntil };
}

type Found = Omit<Moments, 'endedUntil'>;

const foundMoments = remembered((run: AnalysedRun): Found | undefined => {
  const broken = firstBreak(run) ?? breakOfAny(run);
  const outcome = run.outcomes.find(({ phase }) => phase.name === broken?.phase);
  if (broken === undefined || outcome === undefined) return failed(run) ?? degraded(run) ?? growing(run);
  const fromSeconds = startOf(run, outcome) + broken.atSeconds;
  return {
    trouble: { fromSeconds, toSeconds: troubledUntil(run, outcome, fromSeconds) },
    calm: broken.alreadyBroken === true ? undefined : calmBefore(run, fromSeconds - BUILD_UP_SECONDS),
    missed: broken.objective,
    broken: true,
    outcome,
  };
});

/** Where the generator's burden voids a phase, what broke in it may be what burdened it. */
function breakOfAny({ outcomes }: AnalysedRun): ReturnType<typeof firstBreak> {
  for (const [at, outcome] of outcomes.entries()) {
    if (outcome.phase.kind === 'recovery') continue;
    const found = findBreak(outcome, outcomes.slice(0, at));
    if (found !== undefined) return { ...found, phase: outcome.phase.name };
  }
  return undefined;
}

const startOf = (run: AnalysedRun, { startedAtMs }: PhaseOutcome): number => (startedAtMs - run.startedAtMs) / 1000;

const endOf = (run: AnalysedRun, outcome: PhaseOutcome): number => startOf(run, outcome) + outcome.ranSeconds;

/** What breaks in a phase's last seconds goes on in the next one. */
function troubledUntil(run: AnalysedRun, outcome: PhaseOutcome, fromSeconds: number): number {
  const until = fromSeconds + Math.max(ONSET_SECONDS, ONSET_SHARE * outcome.ranSeconds);
  const end = Math.min(endOf(run, outcome), until);
  const next = run.outcomes[run.outcomes.indexOf(outcome) + 1];
  if (end - fromSeconds >= 2 * SETTLE_SECONDS || next === undefined || next.phase.kind === 'recovery') return end;
  return Math.min(endOf(run, next), until);
}

function calmBefore(run: AnalysedRun, toSeconds: number): Span | undefined {
  const calm = placedPoints(run).filter(
    ({ atRun, point }) => atRun >= SETTLE_SECONDS && atRun <= toSeconds && point.responseTimeUs !== undefined,
  );
  return calm.length < LEAST_CALM_POINTS ? undefined : { fromSeconds: SETTLE_SECONDS, toSeconds };
}

const FELT: ReadonlySet<string> = new Set(['responseTime', 'serviceTime', 'errors', 'availability']);

/** The objective on what users feel that a phase failed; a floor of throughput says nothing of that. */
const missedIn = (phase: PhaseFindings | undefined): string | undefined =>
  phase?.objectives.find(({ objective, verdict }) => {
    const metric = parseObjective(objective)?.metric;
    return verdict === 'fail' && metric !== undefined && FELT.has(metric.of);
  })?.objective;

/** A phase that failed as a whole, though never for three seconds on end: what is wrong comes and goes. */
function failed(run: AnalysedRun): Found | undefined {
  const at = run.phases.findIndex(
    (phase) => phase.kind !== 'recovery' && phase.kind !== 'warm-up' && missedIn(phase) !== undefined,
  );
  const outcome = run.outcomes[at];
  if (outcome === undefined) return undefined;
  const missed = missedIn(run.phases[at]) ?? '';
  const fromSeconds = startOf(run, outcome);
  const later = run.outcomes.slice(at).findLast(({ phase }) => phase.kind !== 'recovery') ?? outcome;
  const trouble = { fromSeconds, toSeconds: endOf(run, later) };
  return { trouble, calm: calmBefore(run, fromSeconds - 1), missed, broken: true, outcome };
}

/** The phase that was slowest or failed most of those that count, held against what came before it. */
function degraded(run: AnalysedRun): Found | undefined {
  for (const outcome of phasesThatCount(run.outcomes.map((each) => ({ kind: each.phase.kind, each })))
    .filter(({ kind }) => kind !== 'recovery')
    .map(({ each }) => each)
    .toReversed()) {
    const found = degradedIn(run, outcome);
    if (found !== undefined) return found;
  }
  return undefined;
}

function degradedIn(run: AnalysedRun, outcome: PhaseOutcome): Found | undefined {
  const points = placedPoints(run, [outcome]).filter(({ point }) => point.responseTimeUs !== undefined);
  const from = points[Math.floor((points.length * 2) / 3)]?.atRun;
  const calm =
    from === undefined ? undefined : calmBefore(run, Math.min(from, startOf(run, outcome) + outcome.ranSeconds / 4));
  if (from === undefined || calm === undefined) return undefined;
  const [now, before] = [points.filter(({ atRun }) => atRun >= from), pointsIn(placedPoints(run), calm)];
  const [slow, fast] = [medianP95(now), medianP95(before)];
  const trouble = { fromSeconds: from, toSeconds: endOf(run, outcome) };
  const isMore = loadIn(now) > MORE_LOAD * loadIn(before);
  if (slow > SLOWER * fast && slow - fast > SLOWER_BY_US && !(isMore && isHeldOnTime(run, outcome))) {
    const missed = `p95 rose from ${formatUs(fast)} to ${formatUs(slow)}`;
    return { trouble, calm, missed, broken: false, outcome };
  }
  const failing = now.filter(({ point }) => errorRatio(point.ledger) > FAILING).length;
  if (failing <= now.length / 2) return undefined;
  return { trouble, calm, missed: 'requests failed', broken: false, outcome };
}

/** More than this is another load, under which requests take longer; how much longer they may take the objectives say. */
const MORE_LOAD = 1.5;

const loadIn = (points: readonly PlacedPoint[]): number =>
  medianValue(points.map(({ point }) => Math.max(point.offeredPerSecond, point.throughputPerSecond)));

function isHeldOnTime({ outcomes, phases }: AnalysedRun, outcome: PhaseOutcome): boolean {
  const onTime = (phases[outcomes.indexOf(outcome)]?.objectives ?? []).filter(({ objective }) =>
    /^(?:responseTime|serviceTime)$/.test(parseObjective(objective)?.metric.of ?? ''),
  );
  return onTime.length > 0 && onTime.every(({ verdict }) => verdict === 'pass' || verdict === 'warn');
}

/** Memory that grows by more than this, and by more than this for each request, and goes on growing, leaks. */
const LEAK = { bytes: 150e6, eachBytes: 64_000, lateShare: 0.2 } as const;

/** Nothing is wrong yet: memory is taken and not given back, and there will be an end of it. */
function growing(run: AnalysedRun): Found | undefined {
  const points = run.series.find(({ id }) => id === 'service.resident-memory')?.points ?? [];
  const outcome = run.outcomes.findLast(({ phase }) => phase.kind !== 'recovery');
  if (outcome === undefined || isHalfEmpty(run.series.find(({ id }) => id === 'service.heap')?.points))
    return undefined;
  const until = endOf(run, outcome);
  const read = points.filter(([at]) => at >= SETTLE_SECONDS && at <= until);
  const [first, late, last] = [read[0], read[Math.floor(read.length * 0.6)], read.at(-1)];
  if (first === undefined || late === undefined || last === undefined) return undefined;
  const ended = placedPoints(run).reduce((sum, { point }) => sum + point.ledger.ok + point.ledger.failed, 0);
  const grown = last[1] - first[1];
  if (grown < LEAK.bytes || grown < LEAK.eachBytes * ended || last[1] - late[1] < LEAK.lateShare * grown)
    return undefined;
  const [calm, trouble] = [
    { fromSeconds: SETTLE_SECONDS, toSeconds: late[0] },
    { fromSeconds: late[0], toSeconds: until },
  ];
  return { trouble, calm, missed: `memory grew by ${formatBytes(grown)}`, broken: false, outcome };
}

export const pointsIn = (points: readonly PlacedPoint[], span: Span): PlacedPoint[] =>
  points.filter(({ atRun }) => atRun >= span.fromSeconds && atRun <= span.toSeconds);

const medianP95 = (points: readonly PlacedPoint[]): number =>
  medianValue(points.map(({ point }) => point.responseTimeUs?.p95 ?? Number.NaN));
