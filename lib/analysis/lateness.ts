import { valueAt, type Histogram } from '../measure/histogram.ts';
import { allSteps } from '../measure/interval.ts';
import type { Objective, ObjectiveMetric } from '../plan/objective.ts';
import { formatUs } from '../units.ts';
import { measuredValue, verdictOn } from './objectives.ts';
import type { PhaseOutcome } from './outcome.ts';

/** A figure may be off by this share of itself: its first digit stands. */
const SHARE = 0.2;

/** A median may be off by this at least, before the phase is void: what is late half of the time is another load. */
const MEDIAN_US = 10_000;

/** The highest figure that the count supports may be: the strictest objectives of the shipped profiles begin at 50 ms. */
const TAIL_US = 50_000;

/** From here on lateness in the tail is said beside it: a machine that is not short of CPU shows 0.5 to 1 ms (docs/benchmarks.md). */
const WORTH_SAYING_US = 10_000;

/** So many requests at least lie beyond a figure that voids a phase: one late start of twenty says nothing of the others. */
const LEAST_BEYOND = 3;

/** Percentiles of lateness for which a bound is taken; the best of them counts. */
const AT = [50, 75, 90, 95, 98, 99, 99.5, 99.9, 100];

/** Lateness of the generator that stands in some times, and what brings it about. */
interface Late {
  readonly times: Histogram;
  readonly lateness: readonly Histogram[];
}

/** How the generator's own lateness bears on a phase: sentences. */
export interface LatenessFindings {
  /** For which the phase is void. */
  readonly reasons: readonly string[];
  /** Figures that it moved, without any consequence. */
  readonly doubts: readonly string[];
}

/**
 * The `percentile` of times without the lateness in them is this at least, in µs. Where a share p of the lateness is above d, at most p
 * of the requests were more than d late (however late requests and slow ones fall together), so that the percentile less p is at most
 * d above the true one: Bonferroni's inequality, for each d.
 */
export function leastWithoutLateness({ times, lateness }: Late, percentile: number): number {
  const late = lateness.filter(({ totalCount }) => totalCount > 0);
  const bounds = AT.map((at) => {
    const beyond = late.length * (100 - at);
    const most = late.reduce((sum, each) => sum + valueAt(each, at), 0);
    return percentile > beyond ? valueAt(times, percentile - beyond) - most : 0;
  });
  return Math.max(0, ...bounds);
}

export function latenessOf(outcome: PhaseOutcome): LatenessFindings {
  const { total } = outcome.measurement;
  const { responseTime, serviceTime } = allSteps(total);
  const { eventLoopDelay } = total.generator;
  const response: Late = { times: responseTime, lateness: [total.startDelay, eventLoopDelay] };
  const service: Late = { times: serviceTime, lateness: [eventLoopDelay] };
  return {
    reasons: [
      ...outcome.phase.objectives.flatMap((objective) =>
        decisive(objective, { responseTime: response, serviceTime: service }, outcome),
      ),
      ...gross(
        { times: responseTime, lateness: [total.startDelay] },
        (late) => `arrivals started up to ${late} late; offer less, or give the generator a core of its own`,
      ),
      ...gross(
        service,
        (late) => `the generator's event loop ran up to ${late} late; use fewer checks and captures, or less load`,
      ),
    ],
    doubts: [...slight(response, 'the response time')],
  };
}

/** An objective that was missed, and would not have been but for lateness. Lateness makes nothing faster, so a pass stands. */
function decisive(
  objective: Objective,
  late: Readonly<Record<'responseTime' | 'serviceTime', Late>>,
  outcome: PhaseOutcome,
): string[] {
  const { metric } = objective;
  if (metric.of !== 'responseTime' && metric.of !== 'serviceTime') return [];
  const of = late[metric.of];
  if (of.times.totalCount === 0) return [];
  const { measured, least } = isOfAll(metric) ? rangeOf(of, metric.stat) : narrowRange(objective, of, outcome);
  if (Number.isNaN(measured)) return [];
  const [as, without] = [verdictOn(objective, measured), verdictOn(objective, least)];
  if (as === 'pass' || as === without) return [];
  return [
    `"${objective.text}" was ${formatUs(measured)}, of which up to ${formatUs(measured - least)} are the generator's own lateness; offer less, or give the generator a core of its own`,
  ];
}

const isOfAll = ({ requests, overSeconds }: ObjectiveMetric): boolean =>
  requests === undefined && overSeconds === undefined;

/** Which requests were late is not recorded: those of some steps, or of some seconds, may all have been as late as the latest. */
function narrowRange(
  objective: Objective,
  { lateness }: Late,
  outcome: PhaseOutcome,
): { readonly measured: number; readonly least: number } {
  const measured = measuredValue(objective, outcome);
  const most = lateness.reduce((sum, each) => sum + (valueAt(each, 100) || 0), 0);
  return { measured, least: Math.max(0, measured - most) };
}

function rangeOf(late: Late, stat: number | 'mean' | 'max'): { readonly measured: number; readonly least: number } {
  if (stat !== 'mean') {
    const percentile = stat === 'max' ? 100 : stat;
    return { measured: valueAt(late.times, percentile), least: leastWithoutLateness(late, percentile) };
  }
  const most = late.lateness.reduce((sum, each) => sum + (each.totalCount === 0 ? 0 : each.mean), 0);
  return { measured: late.times.mean, least: Math.max(0, late.times.mean - most) };
}

/**
 * By how much, in µs, lateness has moved a percentile: by the same percentile of the lateness, as where the latest are the slowest,
 * and by no more than the bound. 0 where that is within `floorUs`, or a small share of the figure.
 */
function movedUs(late: Late, percentile: number, floorUs: number): number {
  const { measured, least } = rangeOf(late, percentile);
  const atPercentile = late.lateness.reduce((sum, each) => sum + (valueAt(each, percentile) || 0), 0);
  const moved = Math.min(measured - least, atPercentile);
  return moved > Math.max(floorUs, SHARE * measured) ? moved : 0;
}

/** The highest percentile, up to the 99th, beyond which there are enough requests. */
const tailOf = ({ times }: Late): number => Math.max(50, Math.min(99, 100 - (100 * LEAST_BEYOND) / times.totalCount));

function gross(late: Late, sentence: (late: string) => string): string[] {
  if (late.times.totalCount === 0) return [];
  const tail = tailOf(late);
  const moved = Math.max(movedUs(late, 50, MEDIAN_US), movedUs(late, tail, TAIL_US));
  return moved === 0 ? [] : [sentence(formatUs(moved))];
}

function slight(late: Late, of: string): string[] {
  if (late.times.totalCount === 0) return [];
  const moved = movedUs(late, 99, WORTH_SAYING_US);
  return moved === 0 ? [] : [`up to ${formatUs(moved)} of the p99 of ${of} are the generator's own lateness`];
}
