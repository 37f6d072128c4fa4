import type { CloudAlarm, Limit } from '../../signals/cloudwatch/cloud.ts';
import type { Signal } from '../../signals/signal.ts';
import type { AlarmHistory } from './history.ts';

/** A change of an alarm's state, by the alarm's whole name. */
export interface AlarmChange {
  readonly alarm: string;
  readonly atMs: number;
  readonly state: AlarmHistory['changes'][number]['state'];
}

/** What alarms did, and how the names of the environment's own begin. */
export interface AlarmRecord {
  readonly changes: readonly AlarmChange[];
  readonly prefix: string;
}

type Points = readonly (readonly [atSeconds: number, value: number])[];

const isBeyond = (limit: Limit, value: number): boolean =>
  'above' in limit ? value > limit.above : value < limit.below;

/** When an alarm should have been on by its own terms: so many readings of so many in a row beyond its limit. In seconds of the run. */
function troubleOf(
  { limit, forMinutes, ofMinutes }: CloudAlarm,
  points: Points,
): { from: number; to: number } | undefined {
  const beyond = points.map(([, value]) => isBeyond(limit, value));
  const first = beyond.findIndex(
    (_, at) => beyond.slice(Math.max(0, at - ofMinutes + 1), at + 1).filter(Boolean).length >= forMinutes,
  );
  if (first === -1) return undefined;
  const last = beyond.lastIndexOf(true);
  return { from: points[first]?.[0] ?? 0, to: points[Math.max(first, last)]?.[0] ?? 0 };
}

export interface RunSeries {
  readonly fromMs: number;
  readonly series: readonly { readonly id: string; readonly points: Points }[];
}

/**
 * What each alarm of an environment did, beside when its signal called for it. `prefix` begins the names of its alarms. Alarms whose signal
 * the run did not read, and that never changed, say nothing and are left out.
 */
export function alarmHistories(
  signals: readonly Signal[],
  { fromMs, series }: RunSeries,
  { changes, prefix }: AlarmRecord,
): AlarmHistory[] {
  return signals.flatMap(({ id, cloud }) => {
    const declared = cloud?.alarm;
    if (declared === undefined) return [];
    const points = series.find((each) => each.id === id)?.points ?? [];
    const trouble = troubleOf(declared, points);
    const own = changes.filter(({ alarm }) => alarm === `${prefix}-${declared.id}`);
    if (points.length === 0 && own.length === 0) return [];
    return [
      {
        name: declared.id,
        changes: own.map(({ atMs, state }) => ({ atMs, state })),
        ...(trouble && { expected: { fromMs: fromMs + trouble.from * 1000, toMs: fromMs + trouble.to * 1000 } }),
      },
    ];
  });
}
