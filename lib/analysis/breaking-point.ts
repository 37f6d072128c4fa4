import { errorRatio } from '../measure/ledger.ts';
import type { Percentiles } from '../measure/histogram.ts';
import type { Point } from '../measure/measurement.ts';
import type { Objective } from '../plan/objective.ts';
import { isSearch } from '../plan/plan.ts';
import { availability, judge, verdictOn } from './objectives.ts';
import type { AnalysedRun } from './analysed-run.ts';
import { CONSECUTIVE, firstStretch } from './consecutive.ts';
import type { PhaseOutcome } from './outcome.ts';
import { voidReasons } from './validity.ts';

/** The load at which an objective on time or errors was first missed for good. */
export interface BreakingPoint {
  readonly users: number;
  /** Offered arrivals a second in an open model, requests a second carried in a closed one. */
  readonly perSecond: number;
  readonly objective: string;
  readonly phase: string;
  readonly atSeconds: number;
  /** The objective never held before, so the break lies below this load. */
  readonly alreadyBroken?: true;
}

/**
 * The first moment of a phase from which an objective on time or errors was missed in three consecutive points. `before` are the
 * valid phases that were run earlier: a load only breaks what held, here or in one of them, for three consecutive points. A point
 * in which nothing ended is no evidence.
 */
export function findBreak(
  outcome: PhaseOutcome,
  before: readonly PhaseOutcome[] = [],
): Omit<BreakingPoint, 'phase'> | undefined {
  const { phase } = outcome;
  const breaks = phase.objectives.flatMap((objective) => breakOf(objective, outcome) ?? []);
  const first = breaks.toSorted((a, b) => a.point.atSeconds - b.point.atSeconds)[0];
  if (first === undefined) return undefined;
  const { point, objective, held } = first;
  const perSecond = phase.model === 'open' ? point.offeredPerSecond : point.throughputPerSecond;
  return {
    users: Math.round(point.users),
    perSecond,
    objective: objective.text,
    atSeconds: point.atSeconds,
    ...(!held && !before.some((earlier) => heldIn(earlier, objective)) && { alreadyBroken: true as const }),
  };
}

interface Found {
  readonly point: Point;
  readonly objective: Objective;
  /** Whether it held in the same phase before. */
  readonly held: boolean;
}

function breakOf(objective: Objective, outcome: PhaseOutcome): Found | undefined {
  const judged = judgedPoints(objective, outcome);
  const isHeld = TIMES.has(objective.metric.of) && ['pass', 'warn'].includes(judge(objective, outcome).verdict);
  const loadOf = ({ offeredPerSecond, users }: Point): number =>
    outcome.phase.model === 'open' ? offeredPerSecond : users;
  const at = isHeld ? firstLasting(judged, loadOf) : firstStretch(judged.map(({ missed }) => missed));
  const point = judged[at]?.point;
  const held = firstStretch(judged.slice(0, at).map(({ missed }) => !missed)) >= 0;
  return point === undefined ? undefined : { point, objective, held };
}

const TIMES: ReadonlySet<string> = new Set(['responseTime', 'serviceTime']);

/** A tenth less is the same load. */
const AS_MUCH = 0.9;

/**
 * Of a phase that met its objective on time as a whole: where the first stretch of missed points begins that points which met it do not
 * follow, as many and under as much load. Where they do, the load was not too much: the machine paused, or a pool filled.
 */
function firstLasting(judged: readonly JudgedPoint[], loadOf: (point: Point) => number): number {
  for (let from = 0; ;) {
    const at = firstStretch(judged.slice(from).map(({ missed }) => missed));
    if (at < 0) return -1;
    const begin = from + at;
    const end = judged.findIndex(({ missed }, index) => index > begin && !missed);
    const many = Math.max(CONSECUTIVE, end - begin);
    const least = AS_MUCH * Math.max(...judged.slice(begin, end).map(({ point }) => loadOf(point)));
    const after = judged.slice(end, end + many).filter(({ point, missed }) => !missed && loadOf(point) >= least);
    if (end < 0 || after.length < many) return begin;
    from = end;
  }
}

const heldIn = (outcome: PhaseOutcome, objective: Objective): boolean =>
  firstStretch(judgedPoints(objective, outcome).map(({ missed }) => !missed)) >= 0;

interface JudgedPoint {
  readonly point: Point;
  readonly missed: boolean;
}

function judgedPoints(objective: Objective, { measurement, ranSeconds }: PhaseOutcome): JudgedPoint[] {
  const points = measurement.points.filter((point) => point.atSeconds + point.seconds <= ranSeconds);
  return points.flatMap((point) => {
    const verdict = verdictIn(objective, point);
    return verdict === 'unknown' ? [] : [{ point, missed: verdict === 'missed' }];
  });
}

/** Whether a point is as an objective wants it; `unknown` where it is no evidence of that. */
export function verdictIn(objective: Objective, point: Point): 'met' | 'missed' | 'unknown' {
  const verdict = verdictOn(objective, valueIn(objective, point));
  return verdict === 'unknown' ? 'unknown' : verdict === 'pass' ? 'met' : 'missed';
}

/** What a point says on an objective; NaN where one second is no evidence (throughput, signals). */
function valueIn({ metric, text }: Objective, point: Point): number {
  const asked = point.asked?.[text];
  if (asked !== undefined) return asked;
  // What was asked for and is not there has no evidence; the point's own figures are of all requests.
  if (metric.requests !== undefined || metric.overSeconds !== undefined) return Number.NaN;
  if (metric.of === 'errors') return errorRatio(point.ledger);
  if (metric.of === 'availability') return availability(point.ledger);
  if (metric.of !== 'responseTime' && metric.of !== 'serviceTime') return Number.NaN;
  const times = metric.of === 'responseTime' ? point.responseTimeUs : point.serviceTimeUs;
  return times === undefined ? Number.NaN : nearest(times, metric.stat);
}

/** A point has five percentiles; the next one up stands for those between. */
function nearest(times: Percentiles, stat: number | 'mean' | 'max'): number {
  if (stat === 'mean' || stat === 'max') return times[stat];
  const known = [
    [50, times.p50],
    [90, times.p90],
    [95, times.p95],
    [99, times.p99],
    [99.9, times.p999],
  ] as const;
  return known.find(([percentile]) => percentile >= stat)?.[1] ?? times.max;
}

/** The first break of the run; a search breaks the service on purpose, and has an answer of its own. */
export const breakingPoint = (run: AnalysedRun): BreakingPoint | undefined =>
  isSearch(run.plan) ? undefined : firstBreak(run);

/** A void phase can't show a break, nor that an objective held before. */
export function firstBreak({ outcomes }: Pick<AnalysedRun, 'outcomes'>): BreakingPoint | undefined {
  const valid = outcomes.filter((outcome) => voidReasons(outcome).length === 0);
  for (const [at, outcome] of valid.entries()) {
    if (outcome.phase.kind === 'recovery') continue;
    const found = findBreak(outcome, valid.slice(0, at));
    if (found !== undefined) return { ...found, phase: outcome.phase.name };
  }
  return undefined;
}
