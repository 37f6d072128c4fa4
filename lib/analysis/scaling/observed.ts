import type { AlarmRecord } from './alarm-histories.ts';
import type { ScalingHistory, TaskCount } from './history.ts';

type Points = readonly (readonly [atSeconds: number, value: number])[];

/** Requests sent in one phase, as a run's timeline has them. */
export interface SentLoad {
  /** Of the run. */
  readonly startSeconds: number;
  readonly points: readonly {
    readonly atSeconds: number;
    readonly seconds: number;
    readonly ledger: { readonly sent: number };
  }[];
}

/** What a run saw of its service's tasks; seconds count from its start. */
export interface ObservedTasks {
  readonly fromMs: number;
  readonly toMs: number;
  readonly running: Points;
  /** Those that ran, where it was not read. */
  readonly desired: Points;
  readonly loads: readonly SentLoad[];
  /** Minutes beyond the objectives; absent where they were not judged. */
  readonly violatedMinutes?: number;
}

/** Of the policy in force, what a history is judged by. */
export interface PolicyFacts {
  readonly min: number;
  /** By timetable too. */
  readonly max: number;
  /** Requests a second that one task carries. */
  readonly capacityPerSecond: number;
  /** Other bounds from a second of the run on, in order; before it where it lies before the run. */
  readonly byClock: readonly { readonly atSeconds: number; readonly min: number }[];
}

/** What is known of an environment's scaling besides what its signals show. */
export interface ScalingRecord {
  readonly policy?: PolicyFacts;
  readonly alarms?: AlarmRecord;
}

/**
 * The history of a run that read how many tasks ran. Without a policy nothing is known of what was needed, so that those rules which ask
 * for it find nothing.
 */
export function historyOfTasks(observed: ObservedTasks, policy: PolicyFacts | undefined): ScalingHistory {
  const { fromMs, toMs, violatedMinutes } = observed;
  const counts = observed.running.map(([at, count]): TaskCount => ({
    atMs: fromMs + at * 1000,
    running: Math.round(count),
    desired: Math.round(valueAt(observed.desired, at) ?? count),
    ...(policy && {
      needed: Math.ceil(sentPerSecond(observed.loads, at) / policy.capacityPerSecond),
      least: policy.byClock.findLast(({ atSeconds }) => atSeconds <= at)?.min ?? policy.min,
    }),
  }));
  return {
    fromMs,
    toMs,
    min: policy?.min ?? 0,
    max: policy?.max ?? Number.POSITIVE_INFINITY,
    counts,
    activities: changesOf(counts),
    alarms: [],
    ...(violatedMinutes !== undefined && { violatedMinutes }),
  };
}

const valueAt = (points: Points, second: number): number | undefined => points.findLast(([at]) => at <= second)?.[1];

/** Until a load that has come is seen in counts by the minute. */
const MINUTE_SECONDS = 60;

/** Requests a second, at the most in the minute before. */
function sentPerSecond(loads: readonly SentLoad[], second: number): number {
  const rates = loads.flatMap(({ startSeconds, points }) =>
    points
      .filter(
        ({ atSeconds }) => startSeconds + atSeconds <= second && startSeconds + atSeconds > second - MINUTE_SECONDS,
      )
      .map(({ ledger, seconds }) => ledger.sent / seconds),
  );
  return rates.reduce((most, each) => Math.max(most, each), 0);
}

/** What the clock or load has changed is not recorded beside the counts. */
const changesOf = (counts: readonly TaskCount[]): ScalingHistory['activities'] =>
  counts.slice(1).flatMap(({ atMs, desired }, i) => {
    const from = counts[i]?.desired ?? desired;
    return desired === from ? [] : [{ atMs, from, to: desired, cause: 'an alarm or the clock' }];
  });

/** Whole minutes of the phases whose objectives were missed. */
export const missedPhaseMinutes = (
  phases: readonly { readonly verdict: string; readonly durationSeconds: number }[],
): number =>
  Math.round(
    phases.filter(({ verdict }) => verdict === 'fail').reduce((sum, { durationSeconds }) => sum + durationSeconds, 0) /
      MINUTE_SECONDS,
  );
