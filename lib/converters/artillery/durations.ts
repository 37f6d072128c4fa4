/** Units of the package `ms`, with which Artillery reads times, in ms. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:milliseconds?|msecs?|ms)?$/, 1],
  [/^(?:seconds?|secs?|s)$/, 1000],
  [/^(?:minutes?|mins?|m)$/, 60_000],
  [/^(?:hours?|hrs?|h)$/, 3_600_000],
  [/^(?:days?|d)$/, 86_400_000],
  [/^(?:weeks?|w)$/, 604_800_000],
];

/** A time of Artillery in ms: a whole number is of seconds, a text has its unit. undefined of anything else. */
export function msOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (Number.isInteger(Number(value)) && String(value).trim() !== '') return Number(value) * 1000;
  const [, amount, unit = ''] = /^(\d*\.?\d+) *([a-z]*)$/i.exec(String(value).trim()) ?? [];
  const factor = UNITS.find(([name]) => name.test(unit.toLowerCase()))?.[1];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}

/** As a person writes it: 90s, 5m, 1500ms. */
export function durationText(ms: number): string {
  const rounded = Math.round(ms * 1000) / 1000;
  if (rounded === 0) return '0s';
  if (rounded % 3_600_000 === 0) return `${rounded / 3_600_000}h`;
  if (rounded % 60_000 === 0) return `${rounded / 60_000}m`;
  if (rounded % 1000 === 0) return `${rounded / 1000}s`;
  return `${rounded}ms`;
}
