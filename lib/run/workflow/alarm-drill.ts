import type { AlarmAction, AlarmState, CloudPorts, SettableAlarms } from './ports.ts';

export interface DrillPorts extends Pick<CloudPorts, 'nowMs' | 'sleep'> {
  readonly alarms: SettableAlarms;
}

/** What came of setting one alarm off. `unknown` where it could not be tried. */
export interface DrilledAlarm {
  readonly name: string;
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly evidence: string;
}

const REASON = 'Plimsoll tests this alarm: nothing is wrong.';
/** CloudWatch writes an action into the history within seconds; a minute is long. */
const PATIENCE_MS = 60_000;
const POLL_MS = 3000;

/**
 * Sets an alarm off by its state, waits until its notification stands in its history, and clears it, whatever happens. Its own
 * metric sets the state again with its next datapoint. One that is on already is left alone: it has a reason.
 */
export async function drillAlarm(ports: DrillPorts, { name, state }: AlarmState): Promise<DrilledAlarm> {
  if (state === 'ALARM') return { name, verdict: 'unknown', evidence: 'is on already, for a reason of its own' };
  const sinceMs = ports.nowMs();
  try {
    await ports.alarms.set({ name, state: 'ALARM' }, REASON);
    const action = await firstAction(ports, name, sinceMs);
    if (action === undefined)
      return { name, verdict: 'fail', evidence: `no action within ${PATIENCE_MS / 1000} s, so no notification` };
    const seconds = Math.round((ports.nowMs() - sinceMs) / 1000);
    if (!action.succeeded) return { name, verdict: 'fail', evidence: action.text };
    return { name, verdict: 'pass', evidence: `notified within ${seconds} s, and was cleared: ${action.text}` };
  } finally {
    await ports.alarms.set({ name, state: 'OK' }, REASON);
  }
}

/** A failed one counts more than others that succeeded. */
async function firstAction(
  { alarms, nowMs, sleep }: DrillPorts,
  name: string,
  sinceMs: number,
): Promise<AlarmAction | undefined> {
  while (nowMs() - sinceMs < PATIENCE_MS) {
    await sleep(POLL_MS);
    const actions = await alarms.actionsSince(name, sinceMs);
    const found = actions.find(({ succeeded }) => !succeeded) ?? actions[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
