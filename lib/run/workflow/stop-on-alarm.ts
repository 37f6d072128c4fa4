import { z } from 'zod';
import { runKeys } from '../archive/keys.ts';
import { lockHolder, type Lock } from '../archive/lock.ts';
import { type CloudPorts, type Executions, type ServicePort, STOPPED_BY_US } from './ports.ts';
import type { SettingsOf } from './settings.ts';

/** "CloudWatch Alarm State Change" (Amazon CloudWatch User Guide, "Alarm events and EventBridge"). */
export const alarmEvent = z.object({
  source: z.literal('aws.cloudwatch'),
  detail: z.object({ alarmName: z.string(), state: z.object({ value: z.string(), reason: z.string().optional() }) }),
});

export interface AlarmPorts extends Pick<CloudPorts, 'store' | 'notify' | 'nowMs'> {
  readonly executions: Pick<Executions, 'standing' | 'stop'>;
  readonly service: Pick<ServicePort, 'taskCounts' | 'setDesiredTasks'>;
}

export interface StoppedOnAlarm {
  /** Absent where nothing was running. */
  readonly stopped?: string;
  readonly mitigation?: Mitigation;
}

/** `mitigation.json`: what was changed on a system under test, so that nobody has to guess. */
export interface Mitigation {
  readonly who: string;
  readonly what: string;
  readonly why: string;
  readonly undo: string;
  readonly at: string;
}

/**
 * A target's alarm went on: stops the execution that is loading it, and where the configuration says so raises the service to
 * more tasks (R144). The end of the execution then stops its tasks and brings the report.
 */
export async function stopOnAlarm(
  ports: AlarmPorts,
  settings: SettingsOf<'abort'>,
  { detail }: z.infer<typeof alarmEvent>,
): Promise<StoppedOnAlarm> {
  const holder = await lockHolder(ports.store);
  if (holder === undefined || detail.state.value !== 'ALARM' || !(await isOurs(ports, holder))) return {};
  const why = `${detail.alarmName} is on: ${detail.state.reason ?? 'no reason given'}`;
  await ports.executions.stop(holder.execution, why);
  const mitigation = await mitigate(ports, settings, holder, why);
  return { stopped: holder.run, ...(mitigation && { mitigation }) };
}

/** It is loading; or it was stopped here a moment ago, and this is another try, which AWS Lambda makes where the first one failed. */
async function isOurs({ store, executions }: AlarmPorts, { execution, run }: Lock): Promise<boolean> {
  const { status, error } = (await executions.standing(execution)) ?? {};
  if (status !== 'RUNNING') return error === STOPPED_BY_US;
  // A report that waits for CloudWatch loads nothing, and is not to be broken off.
  return (await store.get(runKeys(run).reporting)) === undefined;
}

async function mitigate(
  ports: AlarmPorts,
  { mitigation: wanted, environment }: SettingsOf<'abort'>,
  { run, execution }: Lock,
  why: string,
): Promise<Mitigation | undefined> {
  const counts = wanted && (await ports.service.taskCounts());
  if (wanted === undefined || counts === undefined || counts.desired >= wanted.desiredTasks) return undefined;
  const done: Mitigation = {
    who: `Plimsoll, for ${execution}`,
    what: `desired tasks ${counts.desired} → ${wanted.desiredTasks}`,
    why,
    undo: `${wanted.undo} ${counts.desired}`,
    at: new Date(ports.nowMs()).toISOString(),
  };
  // Written first: what can't be recorded is not done. Who comes second, or tries again, finds it there and does it too.
  const isFirst = await ports.store.put(runKeys(run).file('mitigation.json'), JSON.stringify(done), 'absent');
  await ports.service.setDesiredTasks(wanted.desiredTasks);
  if (!isFirst) return undefined;
  await ports.notify(`${environment}: ${done.what}`, `${done.why}\nUndo: ${done.undo}`);
  return done;
}
