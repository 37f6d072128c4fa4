/** A change of the desired count: an activity of Application Auto Scaling, or of a simulation. */
export interface ScalingActivity {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  readonly cause: string;
}

/** Tasks at a moment; they stay so until the next. */
export interface TaskCount {
  readonly atMs: number;
  readonly desired: number;
  readonly running: number;
  /** Tasks that the load needs with its objectives held; absent where it was not measured. */
  readonly needed?: number;
  /** The fewest that were allowed then, where a timetable or a forecast sets them; else the history's `min`. */
  readonly least?: number;
}

/** An alarm's states over time, and when it should have been on. */
export interface AlarmHistory {
  readonly name: string;
  readonly changes: readonly { readonly atMs: number; readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' }[];
  /** The trouble that it is for; absent where none was. */
  readonly expected?: { readonly fromMs: number; readonly toMs: number };
}

/** What is known of a service's scaling over a span of time, wherever it was read. */
export interface ScalingHistory {
  readonly fromMs: number;
  readonly toMs: number;
  readonly min: number;
  readonly max: number;
  readonly counts: readonly TaskCount[];
  readonly activities: readonly ScalingActivity[];
  readonly alarms: readonly AlarmHistory[];
  /** Minutes beyond the objectives; absent where they were not judged. */
  readonly violatedMinutes?: number;
}

/** What is good enough. */
export interface ScalingExpectation {
  /** From a need until the tasks that meet it answer. */
  readonly outSeconds: number;
  /** From the end of a need until tasks go. */
  readonly inSeconds: number;
  /** Tasks beyond the need, as a part of it. */
  readonly overshootRatio: number;
  /** From the beginning of a trouble until its alarm, and from its end until the alarm is over. */
  readonly alarmSeconds: number;
  readonly clearSeconds: number;
  /** Share of the task time that may stand idle. */
  readonly idleRatio: number;
}

/** Target tracking scales out in six minutes with metrics of one, and in after fifteen; a start-up and a cooldown more. */
export const usualExpectation: ScalingExpectation = {
  outSeconds: 600,
  inSeconds: 1800,
  overshootRatio: 0.5,
  alarmSeconds: 600,
  clearSeconds: 900,
  idleRatio: 0.5,
};

/** One rule's finding. `unknown` where the history does not say; never a pass for want of figures. */
export interface RuleFinding {
  readonly verdict: 'pass' | 'warn' | 'fail' | 'unknown';
  readonly evidence: string;
}

export type VerifyRule = (history: ScalingHistory, expectation: ScalingExpectation) => RuleFinding;

export const momentText = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');

/** A span in which the load needed more tasks than ran when it began. */
export interface Need {
  readonly fromMs: number;
  readonly toMs: number;
  /** At the most. */
  readonly needed: number;
  /** When so many ran as were needed; undefined where they never did. */
  readonly metMs?: number;
}

/** Spans in which more tasks were needed than ran. Undefined where no need was measured. */
export function taskNeedsOf({ counts, toMs }: ScalingHistory): Need[] | undefined {
  if (!counts.some(({ needed }) => needed !== undefined)) return undefined;
  const needs: Need[] = [];
  let open: { fromMs: number; needed: number } | undefined;
  for (const { atMs, running, needed = 0 } of counts) {
    if (needed > running) open = { fromMs: open?.fromMs ?? atMs, needed: Math.max(open?.needed ?? 0, needed) };
    else if (open !== undefined) {
      needs.push({ ...open, toMs: atMs, metMs: atMs });
      open = undefined;
    }
  }
  return open === undefined ? needs : [...needs, { ...open, toMs }];
}
