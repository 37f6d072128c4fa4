import { errorRatio } from '../measure/ledger.ts';
import type { Percentiles } from '../measure/histogram.ts';
import type { Point } from '../measure/measurement.ts';
import type { Objective } from '../plan/objective.ts';
import { isSearch } from '../plan/plan.ts';
import { availability, verdictOn } from './objectives.ts';
import type { AnalysedRun } from './analysed-run.ts';
import { firstStretch } from './consecutive.ts';
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
  const at = firstStretch(judged.map(({ missed }) => missed));
  const point = judged[at]?.point;
  const held = firstStretch(judged.slice(0, at).map(({ missed }) => !missed)) >= 0;
  return point === undefined ? undefined : { point, objective, held };
}

const heldIn = (outcome: PhaseOutcome, objective: Objective): boolean =>
  firstStretch(judgedPoints(objective, outcome).map(({ missed }) => !missed)) >= 0;

function judgedPoints(
  objective: Objective,
  { measurement, ranSeconds }: PhaseOutcome,
): { point: Point; missed: boolean }[] {
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
