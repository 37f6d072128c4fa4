import { z } from 'zod';
import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import { PlimsollError } from '../../errors.ts';
import { modelOfPolicy } from '../service-model.ts';
import { boundsChanges } from '../simulate/bounds.ts';
import type { MeasuredRun } from '../task-capacity.ts';
import { signals } from '../../signals/index.ts';
import { alarmHistories, type RunSeries } from './alarms.ts';
import { alarmChanges, scalingActivities } from './aws-records.ts';
import type { ScalingHistory, TaskCount } from './history.ts';

const point = z.object({
  atSeconds: z.number(),
  seconds: z.number().positive(),
  ledger: z.object({ sent: z.number() }),
});
const timed = z.object({ startSeconds: z.number(), points: z.array(point).default([]) });
const signal = z.object({ id: z.string(), points: z.array(z.tuple([z.number(), z.number()])) });

/** What is read of `report.json`: counts of tasks as CloudWatch had them, and what was sent when. */
const observed = z.object({ timeline: z.array(timed), signals: z.array(signal) });
const judged = z.object({
  run: z.object({ startedAt: z.string(), endedAt: z.string() }),
  phases: z.array(z.object({ verdict: z.string(), durationSeconds: z.number() })).default([]),
});

type Observed = z.infer<typeof observed>;

/** Until a load that has come is seen in counts by the minute. */
const MINUTE_SECONDS = 60;

/** What AWS recorded besides, where it was asked. */
export interface AwsRecords {
  /** JSON of `aws application-autoscaling describe-scaling-activities`. */
  readonly activities?: RecordText | undefined;
  /** JSON of `aws cloudwatch describe-alarm-history`, and how the names of the environment's alarms begin. */
  readonly alarms?: (RecordText & { readonly prefix: string }) | undefined;
}

export interface RecordText {
  readonly path: string;
  readonly text: string;
}

/**
 * The history of a run whose system said how many tasks it wanted and had, as one on AWS does.
 * @throws PlimsollError E-RUN-MISSING where the run has no such counts, E-USAGE for records that are none
 */
export function historyOfRun(
  { summary, report, path }: MeasuredRun,
  policy: ScalingPolicy,
  records: AwsRecords = {},
): ScalingHistory {
  const [run, seen] = [judged.safeParse(summary), observed.safeParse(report)];
  if (!run.success || !seen.success) throw unreadable(path);
  const running = seriesOf(seen.data, 'service.tasks');
  const desired = seriesOf(seen.data, 'service.tasks-desired');
  if (running.length === 0)
    throw new PlimsollError('E-RUN-MISSING', `${path} did not read how many tasks ran, which runs in the cloud do.`);
  const { fromMs, toMs } = spanOfRun({ summary, path });
  const { capacityPerSecond } = modelOfPolicy(policy);
  const byClock = boundsChanges(policy, fromMs, (toMs - fromMs) / 1000);
  const counts = running.map(([at, count]): TaskCount => ({
    atMs: fromMs + at * 1000,
    running: Math.round(count),
    desired: Math.round(valueAt(desired, at) ?? count),
    needed: Math.ceil(sentPerSecond(seen.data, at) / capacityPerSecond),
    least: byClock.findLast(({ atSeconds }) => atSeconds <= at)?.min ?? policy.tasks.min,
  }));
  const failed = run.data.phases.filter(({ verdict }) => verdict === 'fail');
  return {
    fromMs,
    toMs,
    min: policy.tasks.min,
    max: Math.max(policy.tasks.max, ...policy.schedule.map(({ max }) => max)),
    counts,
    ...recorded(records, { fromMs, counts, series: seen.data.signals }),
    violatedMinutes: Math.round(failed.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0) / MINUTE_SECONDS),
  };
}

const unreadable = (path: string): PlimsollError =>
  new PlimsollError('E-RUN-MISSING', `${path} holds no summary.json and report.json that this version can read.`);

/** @throws PlimsollError E-RUN-MISSING */
export function spanOfRun({ summary, path }: MeasuredRun): { readonly fromMs: number; readonly toMs: number } {
  const read = judged.safeParse(summary);
  if (!read.success) throw unreadable(path);
  const { startedAt, endedAt } = read.data.run;
  return { fromMs: Date.parse(startedAt), toMs: Date.parse(endedAt) };
}

interface Known extends RunSeries {
  readonly counts: readonly TaskCount[];
}

function recorded({ activities, alarms }: AwsRecords, known: Known): Pick<ScalingHistory, 'activities' | 'alarms'> {
  const first = known.counts[0]?.desired ?? 0;
  const changes = alarms && alarmChanges(alarms.text, alarms.path);
  return {
    activities:
      activities === undefined ? changesOf(known.counts) : scalingActivities(activities.text, activities.path, first),
    alarms:
      alarms === undefined || changes === undefined
        ? []
        : alarmHistories(signals, known, { changes, prefix: alarms.prefix }),
  };
}

const seriesOf = ({ signals: series }: Observed, name: string) => series.find(({ id }) => id === name)?.points ?? [];

const valueAt = (points: readonly (readonly [number, number])[], second: number): number | undefined =>
  points.findLast(([at]) => at <= second)?.[1];

/** Requests a second, at the most in the minute before. */
function sentPerSecond({ timeline }: Observed, second: number): number {
  const rates = timeline.flatMap(({ startSeconds, points }) =>
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
