import { z } from 'zod';
import { PlimsollError } from '../../errors.ts';
import type { AlarmChange } from '../../analysis/scaling/alarm-histories.ts';
import type { ScalingActivity } from '../../analysis/scaling/history.ts';

const moment = z.union([z.string(), z.number()]).transform((value, context) => {
  // The command line prints ISO 8601, or seconds since 1970 where its configuration asks for them.
  const atMs = typeof value === 'number' ? value * 1000 : Date.parse(value);
  if (!Number.isNaN(atMs)) return atMs;
  context.addIssue({ code: 'custom', message: 'is no time' });
  return z.NEVER;
});

const alarmReply = z.object({
  AlarmHistoryItems: z.array(
    z.object({
      AlarmName: z.string(),
      Timestamp: moment,
      HistoryItemType: z.string(),
      HistoryData: z.string().optional(),
    }),
  ),
});

const state = z.object({ newState: z.object({ stateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']) }) });

const activityReply = z.object({
  ScalingActivities: z.array(
    z.object({ StartTime: moment, Description: z.string(), Cause: z.string().default(''), StatusCode: z.string() }),
  ),
});

function parsed<Value>(
  schema: z.ZodType<Value>,
  text: string,
  { path, command }: { path: string; command: string },
): Value {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new PlimsollError('E-USAGE', `${path} is not what aws ${command} prints as JSON.`, [], error);
  }
}

/**
 * The answer of `aws cloudwatch describe-alarm-history`, oldest first. Source: CloudWatch API, AlarmHistoryItem.
 * @throws PlimsollError E-USAGE
 */
export function alarmChanges(text: string, path: string): AlarmChange[] {
  const reply = parsed(alarmReply, text, { path, command: 'cloudwatch describe-alarm-history' });
  return reply.AlarmHistoryItems.flatMap(({ AlarmName, Timestamp, HistoryItemType, HistoryData }) => {
    if (HistoryItemType !== 'StateUpdate') return [];
    const data = state.safeParse(jsonOf(HistoryData ?? ''));
    return data.success ? [{ alarm: AlarmName, atMs: Timestamp, state: data.data.newState.stateValue }] : [];
  }).toSorted((a, b) => a.atMs - b.atMs);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** "Setting desired count to 7.", "Successfully set desired count to 7.", and of scheduled actions with bounds. */
const DESIRED = /desired count to (\d+)/;

/**
 * The answer of `aws application-autoscaling describe-scaling-activities`, oldest first; `first` is the desired count before the first of them.
 * Source: Application Auto Scaling API, ScalingActivity.
 * @throws PlimsollError E-USAGE
 */
export function scalingActivities(text: string, path: string, first: number): ScalingActivity[] {
  const reply = parsed(activityReply, text, { path, command: 'application-autoscaling describe-scaling-activities' });
  const sorted = reply.ScalingActivities.filter(({ StatusCode }) => StatusCode !== 'Failed').toSorted(
    (a, b) => a.StartTime - b.StartTime,
  );
  let from = first;
  return sorted.flatMap(({ StartTime, Description, Cause }) => {
    const to = Number(DESIRED.exec(Description)?.[1] ?? Number.NaN);
    if (Number.isNaN(to) || to === from) return [];
    const activity = { atMs: StartTime, from, to, cause: Cause };
    from = to;
    return [activity];
  });
}
