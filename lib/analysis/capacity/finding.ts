import type { ArrivalProcess } from '../../schedule/arrivals.ts';
import { isSearch } from '../../plan/plan.ts';
import { allSteps } from '../../measure/interval.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import type { PhaseOutcome } from '../outcome.ts';
import { capacityOf, type Capacity } from './capacity.ts';
import { probeOf } from './phases.ts';
import type { Probe } from './probe.ts';
import { settingsOf } from './settings.ts';
import { againstLittlesLaw, fitScalability, type LoadPoint, type ScalabilityFit } from './usl.ts';

/** The answer of a search, as summary.json has it. */
export interface CapacityFinding extends Capacity {
  /** How requests arrived: evenly spaced ones are carried at a higher rate than random ones. */
  readonly arrivals: ArrivalProcess;
  /** Of the first objective on a percentile of time. */
  readonly limitUs?: number;
  /** The Universal Scalability Law over requests under way, from the probes. */
  readonly scalability?: ScalabilityFit;
  /** Probes in which users, throughput and time don't fit by Little's law: requests piled up, or one of the three is wrong. */
  readonly inconsistent?: readonly {
    readonly perSecond: number;
    readonly users: number;
    readonly usersByLaw: number;
  }[];
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
    scalability: fitScalability(probes.flatMap(loadPoint)),
    inconsistent: inconsistentOf(probes),
  };
}

const isSteady = ({ purpose, void: reason, users, seconds }: Probe): boolean =>
  reason === undefined && purpose !== 'warm-up' && purpose !== 'cool-down' && users > 0 && seconds.length > 0;

const okPerSecond = ({ seconds }: Probe): number => seconds.reduce((sum, { ok }) => sum + ok, 0) / seconds.length;

const loadPoint = (probe: Probe): LoadPoint[] =>
  isSteady(probe) && okPerSecond(probe) > 0 ? [{ load: probe.users, throughputPerSecond: okPerSecond(probe) }] : [];

/** What was turned away was under way, too. */
const endedPerSecond = ({ seconds }: Probe): number =>
  seconds.reduce((sum, { ended }) => sum + ended, 0) / seconds.length;

const inconsistentOf = (probes: readonly Probe[]): NonNullable<CapacityFinding['inconsistent']> =>
  againstLittlesLaw(
    probes.filter(isSteady).map((probe) => ({ ...probe, throughputPerSecond: endedPerSecond(probe) })),
  ).map(({ perSecond, users, usersByLaw }) => ({ perSecond, users, usersByLaw }));

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
