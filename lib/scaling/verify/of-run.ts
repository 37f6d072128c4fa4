import { z } from 'zod';
import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import { PlimsollError } from '../../errors.ts';
import { policyExtract } from '../service-model.ts';
import type { MeasuredRun } from '../task-capacity.ts';
import { signals } from '../../signals/index.ts';
import { alarmChanges, scalingActivities } from './aws-records.ts';
import { policyFacts } from './policy-facts.ts';
import { alarmHistories, type RunSeries } from '../../analysis/scaling/alarm-histories.ts';
import type { ScalingHistory, TaskCount } from '../../analysis/scaling/history.ts';
import { historyOfTasks, missedPhaseMinutes } from '../../analysis/scaling/observed.ts';

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
  if (running.length === 0)
    throw new PlimsollError('E-RUN-MISSING', `${path} did not read how many tasks ran, which runs in the cloud do.`);
  const { fromMs, toMs } = spanOfRun({ summary, path });
  const history = historyOfTasks(
    {
      fromMs,
      toMs,
      running,
      desired: seriesOf(seen.data, 'service.tasks-desired'),
      loads: seen.data.timeline,
      violatedMinutes: missedPhaseMinutes(run.data.phases),
    },
    policyFacts(policyExtract(policy), fromMs, toMs),
  );
  return { ...history, ...recorded(records, { fromMs, counts: history.counts, series: seen.data.signals }) };
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

function recorded(
  { activities, alarms }: AwsRecords,
  known: Known,
): Partial<Pick<ScalingHistory, 'activities' | 'alarms'>> {
  const first = known.counts[0]?.desired ?? 0;
  return {
    ...(activities && { activities: scalingActivities(activities.text, activities.path, first) }),
    ...(alarms && {
      alarms: alarmHistories(signals, known, {
        changes: alarmChanges(alarms.text, alarms.path),
        prefix: alarms.prefix,
      }),
    }),
  };
}

const seriesOf = ({ signals: series }: Observed, name: string) => series.find(({ id }) => id === name)?.points ?? [];
