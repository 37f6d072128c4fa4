import { z } from 'zod';
import { runKeys } from '../archive/keys.ts';
import type { CloudPorts, ServicePort } from './ports.ts';
import type { SettingsOf } from './settings.ts';

export interface MitigationPorts extends Pick<CloudPorts, 'store' | 'notify' | 'nowMs' | 'sleep'> {
  readonly service: Pick<ServicePort, 'taskCounts' | 'setDesiredTasks' | 'targetHealth'>;
}

/** `mitigation.json`: what was changed on a system under test, so that it can be undone. */
export interface Mitigation {
  readonly who: string;
  readonly what: string;
  readonly why: string;
  readonly undo: string;
  readonly at: string;
  /** How the service was a while after it; absent until then. */
  readonly health?: string;
}

/** The step of a workflow that mitigates before it goes on: what comes next, and why something is to be done first. */
export const mitigatedState = z.looseObject({ run: z.string(), mitigate: z.string() });

/** After a failed phase: raises the service, and returns the step that comes next. */
export async function mitigateFailed(
  ports: MitigationPorts,
  settings: SettingsOf<'abort'>,
  { execution, state }: { readonly execution: string; readonly state: z.infer<typeof mitigatedState> },
): Promise<Readonly<Record<string, unknown>>> {
  const { mitigate: why, ...next } = state;
  await mitigate(ports, settings, { run: state.run, execution }, why);
  return next;
}

/** Raises the service to the tasks that the configuration names, where it has fewer; undefined where there was nothing to do. */
export async function mitigate(
  ports: MitigationPorts,
  { mitigation: wanted, environment }: SettingsOf<'abort'>,
  { run, execution }: { readonly run: string; readonly execution: string },
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
  const key = runKeys(run).file('mitigation.json');
  // Written first: what can't be recorded is not done. Who comes second, or tries again, finds it there and does it too.
  const isFirst = await ports.store.put(key, JSON.stringify(done), 'absent');
  await ports.service.setDesiredTasks(wanted.desiredTasks);
  if (!isFirst) return undefined;
  // Before the wait: whatever becomes of this function, people know what was changed and how to undo it.
  await ports.notify(`${environment}: ${done.what}`, `${done.why}\nUndo: ${done.undo}`);
  const whole = { ...done, health: await healthAfter(ports, wanted.desiredTasks) };
  await ports.store.put(key, JSON.stringify(whole));
  await ports.notify(`${environment}: after ${done.what}`, `${whole.health}\nUndo: ${done.undo}`);
  return whole;
}

/** Machines that are there start a task within a minute or so; the function that waits has three in all. */
const HEALTHY_WITHIN_MS = 90_000;
const ASK_EVERY_MS = 10_000;

/** Waits until so many tasks run and answer the balancer, for a while; one sentence says how it stands then. */
async function healthAfter({ service, nowMs, sleep }: MitigationPorts, wanted: number): Promise<string> {
  for (const beganMs = nowMs(); ; await sleep(ASK_EVERY_MS)) {
    const [counts, targets] = await Promise.all([service.taskCounts(), service.targetHealth()]);
    const running = counts?.running ?? 0;
    const healthy = targets?.healthy ?? running;
    const tookMs = nowMs() - beganMs;
    const stands = `${running} of ${wanted} tasks run and ${healthy} are healthy ${Math.round(tookMs / 1000)} s later`;
    if (Math.min(running, healthy) >= wanted) return stands;
    if (tookMs >= HEALTHY_WITHIN_MS) return `not yet whole: ${stands}`;
  }
}
