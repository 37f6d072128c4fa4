import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import { hourOfWeek } from '../traffic/local-time.ts';
import { rateAt, type Traffic } from '../traffic/traffic.ts';

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const HOURS_A_WEEK = 168;
const MINUTES_A_WEEK = HOURS_A_WEEK * 60;
/** Levels between the fewest and the most: every level more is another line that someone reads. */
const LEVELS = 4;

/** The highest rate of every hour of a week, from Sunday midnight in a zone. */
export interface TrafficWeek {
  readonly timezone: string;
  readonly perSecond: readonly number[];
}

/**
 * The week of a traffic, in its own zone. Where the traffic is shorter than a week, a day that it
 * lacks is taken to be as the highest of those that it has.
 */
export function weekOf(traffic: Traffic): TrafficWeek {
  const week = Array.from({ length: HOURS_A_WEEK }, () => Number.NaN);
  for (const at of traffic.perSecond.keys()) {
    const seconds = at * traffic.stepSeconds;
    const hour = hourOfWeek(traffic.timezone, traffic.startMs + seconds * 1000);
    // Both ends and the middle: between them the rate is a straight line.
    const rates = [0, 0.5, 0.999].map((part) => rateAt(traffic, seconds + part * traffic.stepSeconds));
    week[hour] = Math.max(Number.isNaN(week[hour]) ? 0 : (week[hour] ?? 0), ...rates);
  }
  const perSecond = week.map((rate, hour) => (Number.isNaN(rate) ? highestAt(week, hour % 24) : rate));
  return { timezone: traffic.timezone, perSecond };
}

const highestAt = (week: readonly number[], hour: number): number =>
  week.reduce((most, rate, at) => (at % 24 === hour && rate > most ? rate : most), 0);

export interface PrescaleBounds {
  readonly min: number;
  readonly max: number;
  /** Tasks that a rate needs. */
  readonly tasksFor: (perSecond: number) => number;
  /** How long before an hour its tasks are asked for. */
  readonly leadMinutes: number;
}

/** The fewest tasks by the clock, so that they stand before the hour that needs them; empty where one number does all week. */
export function prescale({ timezone, perSecond }: TrafficWeek, bounds: PrescaleBounds): ScalingPolicy['schedule'] {
  const levels = levelled(perSecond.map(bounds.tasksFor), bounds);
  const changes = levels.flatMap((min, hour) => {
    const before = levels.at(hour - 1) ?? min;
    if (min === before) return [];
    const lead = min > before ? bounds.leadMinutes : 0;
    return [{ minute: (hour * 60 - lead + MINUTES_A_WEEK) % MINUTES_A_WEEK, min }];
  });
  const byTime = Map.groupBy(changes, ({ minute, min }) => `${minute % 1440} ${min}`);
  return [...byTime.values()].map((group) => entryOf(group, timezone, bounds.max));
}

/** Rounded up to one of a few levels, and weekdays that are nearly alike made alike. */
function levelled(needs: readonly number[], { min, max }: PrescaleBounds): number[] {
  const even = evened(needs);
  const most = Math.min(max, Math.max(min, ...even));
  const step = Math.max(1, Math.ceil((most - min) / LEVELS));
  return even.map((need) => Math.min(most, min + Math.max(0, Math.ceil((need - min) / step)) * step));
}

/** What it may cost to have one timetable from Monday to Friday, as a part of their task hours. */
const EVENING_RATIO = 0.1;

const isWeekday = (hour: number): boolean => hour >= 24 && hour < HOURS_A_WEEK - 24;

function evened(needs: readonly number[]): number[] {
  const weekdays = Array.from({ length: 24 }, (_, hour) =>
    Math.max(...[1, 2, 3, 4, 5].map((day) => needs[day * 24 + hour] ?? 0)),
  );
  const sum = needs.reduce((all, need, at) => all + (isWeekday(at) ? need : 0), 0);
  const evenSum = 5 * weekdays.reduce((all, need) => all + need, 0);
  if (evenSum > sum * (1 + EVENING_RATIO)) return [...needs];
  return needs.map((need, at) => (isWeekday(at) ? (weekdays[at % 24] ?? need) : need));
}

function entryOf(
  group: readonly { readonly minute: number; readonly min: number }[],
  timezone: string,
  max: number,
): ScalingPolicy['schedule'][number] {
  const [{ minute, min }] = group as [{ minute: number; min: number }];
  const days = group.map((each) => Math.floor(each.minute / 1440)).toSorted((a, b) => a - b);
  const [hour, rest] = [Math.floor((minute % 1440) / 60), minute % 60];
  const named = namesOf(days);
  const clock = `${String(hour).padStart(2, '0')}${String(rest).padStart(2, '0')}`;
  return {
    name: `${named.toLowerCase().replaceAll(',', '-')}-${clock}-${min}-tasks`,
    cron: `${rest} ${hour} ? * ${named} *`,
    timezone,
    min,
    max,
  };
}

/** `MON-FRI`, or the days one by one. */
function namesOf(days: readonly number[]): string {
  const isRow = days.length > 2 && days.every((day, at) => day === (days[0] ?? 0) + at);
  const names = days.map((day) => DAYS[day] ?? '');
  return isRow ? `${names[0]}-${names.at(-1)}` : names.join(',');
}
