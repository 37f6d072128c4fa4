import type { ArrivalProcess } from '../../schedule/arrivals.ts';
import { isSearch, journeyOf, type Plan } from '../../plan/plan.ts';
import { allStepsOf } from '../../plan/steps/index.ts';
import { allSteps, type Interval } from '../../measure/interval.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import type { PhaseOutcome } from '../outcome.ts';
import { capacityOf, type Capacity } from './capacity.ts';
import { probeOf } from './phases.ts';
import { failed, type Probe, type ProbeSecond } from './probe.ts';
import { settingsOf } from './settings.ts';
import {
  againstLittlesLaw,
  fitsLittlesLaw,
  fitScalability,
  type LoadPoint,
  type ScalabilityFit,
  type SteadyPoint,
} from './usl.ts';

/** The answer of a search, as summary.json has it. */
export interface CapacityFinding extends Capacity {
  /** How requests arrived: evenly spaced ones are carried at a higher rate than random ones. */
  readonly arrivals: ArrivalProcess;
  /** Of the first objective on a percentile of time. */
  readonly limitUs?: number;
  /** The Universal Scalability Law over requests under way, in journeys a second, from the probes. */
  readonly scalability?: ScalabilityFit;
  /**
   * Probes in which users, throughput, time and the plan's pauses don't fit by Little's law: requests piled up, or one of them is wrong. Left
   * out where replies or code decide how long a journey pauses.
   */
  readonly inconsistent?: readonly {
    readonly perSecond: number;
    readonly users: number;
    readonly usersByLaw: number;
  }[];
}

/** Undefined of a run that is no search. */
export function capacity({ plan, outcomes, phases }: AnalysedRun): CapacityFinding | undefined {
  if (!isSearch(plan)) return undefined;
  const probed = outcomes.flatMap((outcome, at) => {
    const findings = phases[at];
    const probe = findings && probeOf(outcome, findings);
    return probe === undefined ? [] : [{ probe, outcome }];
  });
  const probes = probed.map(({ probe }) => probe);
  const steady = probed.filter(({ probe }) => isSteady(probe)).map((each) => flowOf(each, thinkUsOf(plan)));
  const settings = settingsOf(plan);
  const limitUs = settings.objectives.find((each) => each.limitUs !== undefined)?.limitUs;
  return {
    ...inRequests(capacityOf(settings, probes), requestsPerArrival(probed)),
    arrivals: plan.capacity.process,
    ...(limitUs !== undefined && { limitUs }),
    scalability: fitScalability(steady.flatMap(loadPoint)),
    ...(pausesAsWritten(plan) && { inconsistent: inconsistentOf(steady) }),
  };
}

interface Probed {
  readonly probe: Probe;
  readonly outcome: PhaseOutcome;
}

const settledOf = ({ measurement }: PhaseOutcome): Interval => measurement.settled ?? measurement.within;

const isSteady = ({ purpose, void: reason, users, seconds }: Probe): boolean =>
  reason === undefined && purpose !== 'warm-up' && purpose !== 'cool-down' && users > 0 && seconds.length > 0;

interface SteadyProbe extends SteadyPoint {
  readonly perSecond: number;
  /** Journeys that came to their end as planned, a second. */
  readonly completedPerSecond: number;
}

/** A probe's requests and users. What was turned away was under way, too. */
function flowOf({ probe, outcome }: Probed, thinkUs: number): SteadyProbe {
  const { perSecond, users, meanUs, seconds } = probe;
  const settledFrom = outcome.phase.probe?.settleSeconds ?? 0;
  const { ok, failed: bad, timedOut } = allSteps(settledOf(outcome)).ledger;
  const rateOf = (read: (second: ProbeSecond) => number): number =>
    seconds.reduce((sum, second) => sum + read(second), 0) / seconds.length;
  return {
    perSecond,
    users,
    meanUs,
    throughputPerSecond: (ok + bad + timedOut) / Math.max(1, outcome.ranSeconds - settledFrom),
    thinking: (rateOf(({ ended }) => ended) * thinkUs) / 1e6,
    completedPerSecond: rateOf((second) => second.ok),
  };
}

/** Over requests under way, by Little's law; where they pile up, those that ended are the fewer ones, and users are counted. */
const loadPoint = (probe: SteadyProbe): LoadPoint[] => {
  const { users, thinking, throughputPerSecond, meanUs, completedPerSecond } = probe;
  const load = fitsLittlesLaw(probe) ? (throughputPerSecond * meanUs) / 1e6 : users - thinking;
  return completedPerSecond > 0 && load > 0 ? [{ load, throughputPerSecond: completedPerSecond }] : [];
};

/** Of a journey, on average over the scenarios. */
function thinkUsOf({ scenarios }: Plan): number {
  const all = scenarios.reduce((sum, { weight }) => sum + weight, 0);
  return scenarios.reduce((sum, scenario) => sum + (scenario.weight / all) * journeyOf(scenario).thinkUs, 0);
}

/** Where replies or code decide what a journey does, its pauses are a guess. */
const pausesAsWritten = ({ scenarios, hooks }: Plan): boolean =>
  hooks === undefined &&
  allStepsOf(scenarios.flatMap(({ onStart, steps }) => [...onStart, ...steps])).every(
    (step) => step.kind !== 'if' && step.kind !== 'while' && (step.kind !== 'loop' || 'times' in step.turns),
  );

const inconsistentOf = (probes: readonly SteadyProbe[]): NonNullable<CapacityFinding['inconsistent']> =>
  againstLittlesLaw(probes).map(({ perSecond, users, usersByLaw }) => ({ perSecond, users, usersByLaw }));

/**
 * Good requests for each completed arrival, in the judged seconds of the probes that held: at a probe's end journeys that pause are cut after
 * their requests, and in an overload they fail half-way. Of the long ones, where there are any: in a short one few journeys with long pauses
 * have come to their end.
 */
function requestsPerArrival(probed: readonly Probed[]): number {
  const held = probed.filter(({ probe }) => isSteady(probe) && !failed(probe));
  const long = held.filter(({ probe }) => probe.purpose !== 'bracket');
  const from = [long, held].find(({ length }) => length > 0) ?? probed;
  const sum = (of: (each: Probed) => number): number => from.reduce((all, each) => all + of(each), 0);
  const completed = sum(({ probe }) => probe.seconds.reduce((all, { ok }) => all + ok, 0));
  return completed === 0 ? 1 : sum(({ outcome }) => allSteps(settledOf(outcome)).ledger.ok) / completed;
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
