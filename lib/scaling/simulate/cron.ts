import { PlimsollError } from '../../errors.ts';
import { localMsOf, momentsOf } from '../traffic/local-time.ts';

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DAY_MS = 86_400_000;

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: ['', ...MONTHS] },
  // AWS counts days of the week from 1, which is Sunday.
  { from: 1, to: 7, names: ['', ...WEEKDAYS] },
  { from: 1970, to: 2199 },
];

/** First and last of a range such as `*`, `5`, `MON-FRI`; NaN where it is none. */
function rangeOf(range: string, { from, to, names }: Field, isStepped: boolean): readonly [low: number, high: number] {
  if (range === '*' || range === '?') return [from, to];
  const numberOf = (name: string): number => (names?.includes(name) ? names.indexOf(name) : Number(name || Number.NaN));
  const [first = '', last] = range.split('-');
  const low = numberOf(first);
  return [low, last === undefined ? (isStepped ? to : low) : numberOf(last)];
}

/** The numbers that a field of a cron expression names; undefined for forms that are not simulated (L, W, #). */
function numbersOf(text: string, field: Field): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [low, high] = rangeOf(range, field, step !== undefined);
    if (!(low >= field.from && high <= field.to && low <= high) || step === '0') return undefined;
    for (let each = low; each <= high; each += Number(step ?? 1)) found.add(each);
  }
  return found;
}

/**
 * The moments at which a cron expression of AWS fires, from one moment on and before another, in ms.
 * Source: Amazon EventBridge Scheduler User Guide, "Schedule types", cron-based schedules.
 * @throws PlimsollError E-CONFIGURATION-INVALID for L, W and #
 */
export function firingsWithin(cron: string, timezone: string, [fromMs, toMs]: readonly [number, number]): number[] {
  const [minutes, hours, days, months, weekdays, years] = cron
    .split(' ')
    .map((text, at) => numbersOf(text.toUpperCase(), FIELDS[at] ?? { from: 0, to: -1 }));
  if (!minutes || !hours || !days || !months || !weekdays || !years)
    throw new PlimsollError(
      'E-CONFIGURATION-INVALID',
      `cron ${cron} can't be simulated; write days and hours one by one`,
    );
  const firings: number[] = [];
  const first = Math.floor(localMsOf(timezone, fromMs) / DAY_MS) * DAY_MS;
  for (let day = first; day <= toMs + DAY_MS; day += DAY_MS) {
    const date = new Date(day);
    const fits =
      days.has(date.getUTCDate()) &&
      months.has(date.getUTCMonth() + 1) &&
      weekdays.has(date.getUTCDay() + 1) &&
      years.has(date.getUTCFullYear());
    if (!fits) continue;
    for (const hour of hours)
      for (const minute of minutes)
        firings.push(...momentsOf(timezone, day + (hour * 60 + minute) * 60_000).slice(0, 1));
  }
  return firings.filter((atMs) => atMs >= fromMs && atMs < toMs);
}
