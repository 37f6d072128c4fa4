import type { ScalingRecord } from '../../analysis/scaling/observed.ts';
import { messageOf } from '../../errors.ts';
import { alarmChanges } from '../../scaling/verify/aws-records.ts';
import { policyFacts } from '../../scaling/verify/policy-facts.ts';
import type { SignalSeries } from '../../signals/signal.ts';
import type { AlarmHistoryPort } from './ports.ts';
import type { SettingsOf } from './settings.ts';

export interface ScalingPorts {
  readonly alarmHistory: AlarmHistoryPort;
}

interface Scaled {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly series: readonly SignalSeries[];
}

/** What scaling is judged by besides counts of tasks; nothing is asked of CloudWatch where there are none. */
export async function readScaling(
  { alarmHistory }: ScalingPorts,
  { environment, scaling }: SettingsOf<'report'>,
  { startedAtMs, endedAtMs, series }: Scaled,
): Promise<{ readonly scaling: ScalingRecord; readonly doubts: readonly string[] }> {
  const policy = scaling && policyFacts(scaling, startedAtMs, endedAtMs);
  const known = policy === undefined ? {} : { policy };
  if (!series.some(({ id, points }) => id === 'service.tasks' && points.length > 0))
    return { scaling: known, doubts: [] };
  try {
    const changes = alarmChanges(await alarmHistory.changesIn(startedAtMs, endedAtMs), 'CloudWatch');
    return { scaling: { ...known, alarms: { changes, prefix: environment } }, doubts: [] };
  } catch (error) {
    return { scaling: known, doubts: [`What alarms did was not read: ${messageOf(error)}`] };
  }
}
