import type { ScalingPolicy } from '../scaling-policy.ts';

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MINUTES_A_WEEK = 7 * 24 * 60;

/** Days of the week of a cron field: `MON-FRI`, `SAT,SUN`, `*` or `?`; undefined where it says anything else. */
function daysOf(field: string): number[] | undefined {
  if (field === '*' || field === '?') return DAYS.map((_, day) => day);
  const days = field.split(',').flatMap((part) => {
    const [from = -1, to = from] = part.split('-').map((name) => DAYS.indexOf(name));
    return from < 0 || to < from ? [Number.NaN] : Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return days.some(Number.isNaN) ? undefined : days;
}

/** Minutes of the week at which a cron expression of AWS fires; undefined where it is not the same every week. */
function firings(cron: string): number[] | undefined {
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = cron.split(' ');
  const isWeekly = /^\d+$/.test(minute) && /^\d+$/.test(hour) && /^[?*]$/.test(day) && month === '*' && year === '*';
  return isWeekly ? daysOf(weekday)?.map((each) => (each * 24 + Number(hour)) * 60 + Number(minute)) : undefined;
}

/**
 * Mean of the least number of tasks over a week, by the schedule; undefined where the schedule is not the same every week. Before the
 * first change of the week the last one of the week before holds.
 */
export function meanLeastTasks({ tasks, schedule }: ScalingPolicy): number | undefined {
  const changes: { at: number; min: number }[] = [];
  for (const { cron, min } of schedule) {
    const fired = firings(cron);
    if (fired === undefined) return undefined;
    changes.push(...fired.map((at) => ({ at, min })));
  }
  const sorted = changes.toSorted((a, b) => a.at - b.at);
  const last = sorted.at(-1);
  if (last === undefined) return tasks.min;
  let sum = 0;
  let before = { at: last.at - MINUTES_A_WEEK, min: last.min };
  for (const change of sorted) {
    sum += (change.at - before.at) * before.min;
    before = change;
  }
  return sum / MINUTES_A_WEEK;
}
