import { errorRatio } from '../measure/ledger.ts';
import type { Percentiles } from '../measure/histogram.ts';
import type { Point } from '../measure/timeline.ts';
import type { Objective } from '../plan/objective.ts';
import { availability, verdictOn } from './objectives.ts';
import type { PhaseOutcome } from './outcome.ts';

export interface Break {
  readonly users: number;
  readonly perSecond: number;
  readonly objective: string;
  readonly atSeconds: number;
}

/** So many points in a row make a break: a single slow second is weather. One in which nothing ended tells nothing. */
const POINTS_IN_A_ROW = 3;

/** The first moment of a phase from which an objective on time or errors was missed in three points on end. */
export function findBreak({ phase, timeline, ranSeconds }: PhaseOutcome): Break | undefined {
  const points = timeline.points().filter((point) => point.atSeconds + point.seconds <= ranSeconds);
  const breaks = phase.objectives.flatMap((objective) => breakOf(objective, points) ?? []);
  const first = breaks.toSorted((a, b) => a.point.atSeconds - b.point.atSeconds)[0];
  if (first === undefined) return undefined;
  const { point, objective } = first;
  const perSecond = phase.model === 'open' ? point.offeredPerSecond : point.throughputPerSecond;
  return { users: Math.round(point.users), perSecond, objective: objective.text, atSeconds: point.atSeconds };
}

function breakOf(objective: Objective, points: readonly Point[]): { point: Point; objective: Objective } | undefined {
  const told = points
    .map((point) => ({ point, verdict: verdictOn(objective, valueIn(objective, point)) }))
    .filter(({ verdict }) => verdict !== 'unknown');
  const missed = told.map(({ verdict }) => verdict === 'warn' || verdict === 'fail');
  const at = missed.findIndex(
    (_, i) => missed.slice(i, i + POINTS_IN_A_ROW).filter(Boolean).length === POINTS_IN_A_ROW,
  );
  const point = told[at]?.point;
  return point === undefined ? undefined : { point, objective };
}

/** What a point says on an objective; NaN where one second can't tell (throughput, signals). */
function valueIn({ metric }: Objective, point: Point): number {
  if (metric.of === 'errors') return errorRatio(point.ledger);
  if (metric.of === 'availability') return availability(point.ledger);
  if (metric.of !== 'responseTime' && metric.of !== 'serviceTime') return Number.NaN;
  const times = metric.of === 'responseTime' ? point.responseTimeUs : point.serviceTimeUs;
  return times === undefined ? Number.NaN : nearest(times, metric.stat);
}

/** A point keeps some percentiles; the next one up stands for those between. */
function nearest(times: Percentiles, stat: number | 'mean' | 'max'): number {
  if (stat === 'mean' || stat === 'max') return times[stat];
  const kept = [
    [50, times.p50],
    [90, times.p90],
    [95, times.p95],
    [99, times.p99],
    [99.9, times.p999],
  ] as const;
  return kept.find(([percentile]) => percentile >= stat)?.[1] ?? times.max;
}
