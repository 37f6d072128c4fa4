/** Durations inside Plimsoll are whole microseconds (`…Us`): finer than any network, exact in a double for 285 years. */

const US_BY_UNIT: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6 };

/** One or more number-unit pairs, largest first by custom only: `250ms`, `30s`, `1h30m`. */
export const DURATION_PATTERN = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d))+$/;

/** `1h30m` → 5 400 000 000 µs; undefined when the text is no duration. */
export function parseDurationUs(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined;
  let us = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h|d)/g)) {
    us += Number(amount) * (US_BY_UNIT[unit ?? ''] ?? Number.NaN);
  }
  return Math.round(us);
}

/** The µs of a duration that the schema has let through. */
export function durationUs(text: string): number {
  const us = parseDurationUs(text);
  if (us === undefined) throw new TypeError(`not a duration: ${text}`);
  return us;
}

/** Seconds (fractional) of a duration in µs. */
export const toSeconds = (us: number): number => us / 1e6;

/** For people: three significant digits and the unit that fits, e.g. `843 µs`, `12.4 ms`, `1.02 s`. */
export function formatUs(us: number): string {
  // The bounds are where the smaller unit would round up to 1,000.
  if (us < 999.5) return `${formatNumber(Math.round(us))} µs`;
  return us < 999_500 ? `${formatNumber(us / 1e3)} ms` : `${formatNumber(us / 1e6)} s`;
}

/** For people: a span of time, e.g. `2.5 s`, `45 s`, `1 min 30 s`, `2 h 5 min`. */
export function formatSpan(us: number): string {
  if (us < 1e6) return formatUs(us);
  // Tenths up to 10 s, where half a second is much of it.
  const tenths = Math.round(us / 1e5);
  if (tenths < 100) return `${tenths / 10} s`;
  const seconds = Math.round(us / 1e6);
  const parts: readonly [number, string][] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ];
  const shown = parts.filter(([amount]) => amount > 0).slice(0, 2);
  return shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

/** At most three significant digits where they matter, thousands apart by a comma: `0.52`, `41.3`, `1,250`; `–` for NaN. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  if (size >= HUGE) return value.toLocaleString('en-GB', { maximumFractionDigits: digits, signDisplay: 'negative' });
  // By its decimal text, as people round: 1.005 is 1.01, though the double is a little less.
  const rounded = size < TINY ? 0 : Math.round(Number(`${size}e${digits}`)) / 10 ** digits;
  const [whole = '', fraction] = String(rounded).split('.');
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return `${value < 0 && rounded > 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** Between these a number's text has no exponent. The first use of a locale costs 15 ms, of a start that takes 100. */
const [TINY, HUGE] = [1e-6, 1e15];

/** A moment in seconds since 1970: `2026-11-21 10:15:30 UTC`; `–` where it is beyond what a date can be. */
export function formatMoment(seconds: number): string {
  const date = new Date(seconds * 1e3);
  return Number.isNaN(date.getTime()) ? '–' : date.toISOString().replace(/^(.+)T(.{8}).*$/, '$1 $2 UTC');
}

/** Three significant digits below $100, cents from there on: `$0.00352`, `$1.25`, `$1,250.00`. */
export const formatUsd = (usd: number): string =>
  `$${usd.toLocaleString('en-GB', usd < 100 ? { maximumSignificantDigits: 3 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

/** A ratio as a percentage: `0.0042` → `0.42 %`. A ratio above nothing never reads as `0 %`. */
export function formatRatio(ratio: number): string {
  const percent = ratio * 100;
  if (percent > 0 && percent < 0.01) return '< 0.01 %';
  return `${formatNumber(percent)} %`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** For people: bytes in the unit that fits, e.g. `512 B`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${formatNumber(bytes / 1024 ** power)} ${BYTE_UNITS[power]}`;
}

/** `1 request`, `1,250 requests`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${formatNumber(count)} ${count === 1 ? noun : plural}`;

/** `a, b and c`. */
export function listed(words: readonly string[], conjunction: 'and' | 'or' = 'or'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

/** The text without its numbers, ids and blanks: what is left of two that say the same of different things is the same. */
export const withoutNumbers = (text: string): string =>
  text.replaceAll(/[\da-f]{8}-[\da-f-]{27}|(?:0x)?[\da-f]*\d[\da-f]*/gi, '#').replaceAll(/\s+/g, ' ');
