import { z } from 'zod';
import { errorTable, PlimsollError } from '../../errors.ts';
import { runKeys } from '../archive/keys.ts';
import { lockHolder, type Lock } from '../archive/lock.ts';
import { describeSetupFailure, onceRecord, setupState } from '../archive/once-files.ts';
import { isReported, readRun, runOf } from '../archive/run-record.ts';
import { consoleLink } from './arn.ts';
import { endedContainers, reasonsOf } from './ended-task.ts';
import { reportMissing } from './execution-status.ts';
import { mitigate, type Mitigation, type MitigationPorts } from './mitigation.ts';
import { type CloudPorts, type Executions, STOPPED_BY_US } from './ports.ts';
import type { SettingsOf } from './settings.ts';
import { hasLast } from './step.ts';

/** The same befalls all tasks, mostly: no image, no route, no right. */
const MOST_REASONS = 4;

const failure = z.object({ Error: z.string(), Cause: z.string().default('') });
const stateInput = z.object({ error: failure.optional(), status: z.string().optional() });

/** What an abort leaves to do: a report of what is known, or nothing where there is no run or its report stands already. */
export type Aborted =
  | {
      readonly do: 'report';
      readonly run: string;
      readonly aborted: string;
      readonly stopped: number;
      readonly sendLast?: true;
    }
  | { readonly do: 'nothing'; readonly aborted: string };

export interface AbortPorts extends Pick<CloudPorts, 'store' | 'tasks' | 'notify' | 'nowMs' | 'sleep'> {
  readonly executions: Pick<Executions, 'standing'>;
}

/**
 * Ends the load of an execution that broke off or was stopped, and returns when none of its tasks is left. Knows the execution
 * alone, so that it works after a crash of any step. Where there is no report, a mail says why: people who start runs by the clock look
 * at no console.
 *
 * @throws PlimsollError E-LOAD-STOP where tasks are left after `patienceMs`
 */
export async function abort(
  ports: AbortPorts,
  { environment }: Pick<SettingsOf<'abort'>, 'environment'>,
  { execution, state }: { execution: string; state: unknown },
  patienceMs = 120_000,
): Promise<Aborted> {
  const { error, status } = stateInput.parse(state);
  const aborted = reasonOf(error, status);
  const run = await runOf(ports.store, execution);
  if (run === undefined) {
    // The aftermath of an execution that is still under way sends one.
    if (status !== undefined) await notifyNothingLoaded(ports, environment, { execution, status });
    return { do: 'nothing', aborted };
  }
  // Before the first look: a task that is not listed yet finds it when it starts, and one that started earlier is listed.
  await ports.store.put(runKeys(run).ended, JSON.stringify({ why: aborted }));
  // Of a reported run too: the report waits for no task that is stuck.
  const stopped = await stopTasks(ports, run, { reason: aborted, patienceMs });
  if (await isReported(ports.store, run)) return { do: 'nothing', aborted };
  const why = error?.Error === 'E-LOAD-START' ? await ports.tasks.whyStopped(run) : [];
  const { failedSetup, sendLast } = await onceOf(ports, run);
  const reasons = [error === undefined ? aborted : (failedSetup ?? aborted), ...why.slice(0, MOST_REASONS)];
  return { do: 'report', run, stopped, aborted: reasons.join('; '), ...(sendLast && { sendLast }) };
}

/** Why the setup failed, if it did; and whether the plan has something that is sent in the end, which a setup that failed keeps back. */
async function onceOf(
  { store }: AbortPorts,
  run: string,
): Promise<{ failedSetup?: string | undefined; sendLast: boolean }> {
  const { plan, keys } = await readRun(store, run);
  const setup = await onceRecord(store, keys, 'setup');
  return {
    failedSetup: setup?.failure && `E-SETUP: the setup failed: ${describeSetupFailure(plan, setup)}`,
    sendLast: hasLast(plan) && ['none', 'done'].includes(await setupState(store, keys, plan)),
  };
}

async function notifyNothingLoaded(
  { executions, notify }: AbortPorts,
  environment: string,
  { execution, status }: { execution: string; status: string },
): Promise<void> {
  // What is described may be older than the event that says how it ended.
  const { message, details, code } = reportMissing({ ...(await executions.standing(execution)), status });
  const lines = [message, ...details, errorTable[code].remedy, consoleLink(execution)];
  await notify(`${environment}: nothing was loaded`, lines.join('\n'));
}

/** One line: the error of a step, or how the execution ended. */
function reasonOf(error: z.infer<typeof failure> | undefined, status: string | undefined): string {
  if (error === undefined) return status === undefined ? 'the execution broke off' : `the execution ended: ${status}`;
  return `${error.Error}: ${messageIn(error.Cause)}`;
}

const thrown = z.object({ errorMessage: z.string() }).transform(({ errorMessage }) => errorMessage);

const endedTask = z
  .object({ StoppedReason: z.string(), Containers: endedContainers })
  .transform(({ StoppedReason, Containers }) => [StoppedReason, ...reasonsOf(Containers)].join('; '));

/** A function's error comes as JSON with a stack, a task's as JSON of the whole task, which could not be started as a sentence. */
function messageIn(cause: string): string {
  try {
    return z.union([thrown, endedTask]).parse(JSON.parse(cause));
  } catch {
    return cause.slice(0, 200);
  }
}

const POLL_MS = 500;

/** ECS may not have known a task yet that it was asked to stop. */
const AGAIN_MS = 10_000;

/** Stops every task of the run until none is left, and returns how many there were. */
async function stopTasks(
  ports: Pick<CloudPorts, 'tasks' | 'nowMs' | 'sleep'>,
  run: string,
  { reason, patienceMs }: { reason: string; patienceMs: number },
): Promise<number> {
  const askedAtMs = new Map<string, number>();
  for (const untilMs = ports.nowMs() + patienceMs; ; await ports.sleep(POLL_MS)) {
    const left = await ports.tasks.listRunning(run);
    if (left.length === 0) return askedAtMs.size;
    const nowMs = ports.nowMs();
    if (nowMs > untilMs) throw new PlimsollError('E-LOAD-STOP', `${left.length} tasks of ${run} still run`, left);
    // Some may have been started only after the last look.
    const due = left.filter((arn) => nowMs - (askedAtMs.get(arn) ?? Number.NEGATIVE_INFINITY) >= AGAIN_MS);
    await Promise.all(due.map((arn) => ports.tasks.stop(arn, `Plimsoll: ${reason}`)));
    for (const arn of due) askedAtMs.set(arn, nowMs);
  }
}

/** "CloudWatch Alarm State Change" (Amazon CloudWatch User Guide, "Alarm events and EventBridge"). */
export const alarmEvent = z.object({
  source: z.literal('aws.cloudwatch'),
  detail: z.object({ alarmName: z.string(), state: z.object({ value: z.string(), reason: z.string().optional() }) }),
});

export interface AlarmPorts extends MitigationPorts {
  readonly executions: Pick<Executions, 'standing' | 'stop'>;
}

export interface StoppedOnAlarm {
  /** Absent where nothing was running. */
  readonly stopped?: string;
  readonly mitigation?: Mitigation;
}

/**
 * A target's alarm went on: stops the execution that is loading it, and where the configuration says so raises the service to
 * more tasks. The end of the execution then stops its tasks and brings the report.
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
