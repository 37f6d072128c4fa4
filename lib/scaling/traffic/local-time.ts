const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timezone, made);
  return made;
}

/** What the clocks of a zone show at a moment, as if it were UTC, in ms. */
export function localMsOf(timezone: string, atMs: number): number {
  if (timezone === 'UTC') return Math.floor(atMs / 1000) * 1000;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timezone).formatToParts(atMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The moments at which the clocks of a zone show a time, `localMs` as if it were UTC: one, two in the hour that is repeated in autumn,
 * none in the hour that is left out in spring.
 */
export function momentsOf(timezone: string, localMs: number): number[] {
  // No zone is further from UTC than 14 hours, nor changes twice within a day.
  const offsets = [-DAY_MS, 0, DAY_MS].map((near) => localMsOf(timezone, localMs + near) - (localMs + near));
  return [...new Set(offsets)]
    .map((offset) => localMs - offset)
    .filter((atMs) => localMsOf(timezone, atMs) === localMs)
    .toSorted((a, b) => a - b);
}

/** Hour of the week in a zone, from Sunday midnight: 0 to 167. */
export function hourOfWeek(timezone: string, atMs: number): number {
  const local = new Date(localMsOf(timezone, atMs));
  return local.getUTCDay() * 24 + local.getUTCHours();
}
