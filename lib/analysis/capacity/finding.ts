import type { ArrivalProcess } from '../../schedule/arrivals.ts';
import { isSearch } from '../../plan/plan.ts';
import { allSteps } from '../../measure/interval.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import type { PhaseOutcome } from '../outcome.ts';
import { capacityOf, type Capacity } from './capacity.ts';
import { probeOf } from './phases.ts';
import { settingsOf } from './settings.ts';

/** The answer of a search, as summary.json has it. */
export interface CapacityFinding extends Capacity {
  /** How requests arrived: evenly spaced ones are carried at a higher rate than random ones. */
  readonly arrivals: ArrivalProcess;
  /** Of the first objective on a percentile of time. */
  readonly limitUs?: number;
}

/** Undefined of a run that is no search. */
export function capacity({ plan, outcomes, phases }: AnalysedRun): CapacityFinding | undefined {
  if (!isSearch(plan)) return undefined;
  const probes = outcomes.flatMap((outcome, at) => {
    const findings = phases[at];
    return (findings && probeOf(outcome, findings)) ?? [];
  });
  const settings = settingsOf(plan);
  const limitUs = settings.objectives.find((each) => each.limitUs !== undefined)?.limitUs;
  return {
    ...inRequests(capacityOf(settings, probes), requestsPerArrival(outcomes)),
    arrivals: plan.capacity.process,
    ...(limitUs !== undefined && { limitUs }),
  };
}

/** Good requests for each completed arrival, over all probes. */
function requestsPerArrival(outcomes: readonly PhaseOutcome[]): number {
  const sum = (of: (outcome: PhaseOutcome) => number): number => outcomes.reduce((all, each) => all + of(each), 0);
  const completed = sum(({ measurement }) => measurement.total.arrivals.completed);
  return completed === 0 ? 1 : sum(({ measurement }) => allSteps(measurement.total).ledger.ok) / completed;
}

/** A search counts arrivals; throughput is successful requests a second everywhere else. */
function inRequests(found: Capacity, each: number): Capacity {
  const { throughputPerSecond, goodputAbovePerSecond, probes } = found;
  return {
    ...found,
    ...(throughputPerSecond !== undefined && { throughputPerSecond: throughputPerSecond * each }),
    ...(goodputAbovePerSecond !== undefined && { goodputAbovePerSecond: goodputAbovePerSecond * each }),
    probes: probes.map((row) => ({ ...row, throughputPerSecond: row.throughputPerSecond * each })),
  };
}
