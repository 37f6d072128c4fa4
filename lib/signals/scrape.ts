import type { Reading, Scrape } from './signal.ts';

/**
 * Prometheus text exposition format 0.0.4 (and OpenMetrics text as far as they agree) → series → value. Keys are
 * `name` or `name{label="value",…}` as written; comments, timestamps and values that are no number are left out.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parsePrometheus(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const written of text.split('\n')) {
    const line = written.trim();
    if (line === '' || line.startsWith('#')) continue;
    const end = endOfKey(line);
    const key = line.slice(0, end).trim();
    const value = toNumber(line.slice(end).trim().split(/\s+/)[0] ?? '');
    if (key !== '' && value !== undefined) values.set(key, value);
  }
  return values;
}

/** A label value may hold spaces, braces and escaped quotes, so the end of the labels is the brace outside of quotes. */
function endOfKey(line: string): number {
  const brace = line.indexOf('{');
  const space = line.search(/[ \t]/);
  if (brace < 0 || (space >= 0 && space < brace)) return space < 0 ? line.length : space;
  let quoted = false;
  for (let at = brace; at < line.length; at += 1) {
    if (quoted && line[at] === '\\') at += 1;
    else if (line[at] === '"') quoted = !quoted;
    else if (line[at] === '}' && !quoted) return at + 1;
  }
  return line.length;
}

function toNumber(text: string): number | undefined {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? undefined : value;
}

/** Every label of `labels` stands in a key such as `name{route="/",status="200"}`; quotes in its values are escaped there. */
type Labels = Readonly<Record<string, string>>;

/** The sum over all series of a metric that carry the labels; undefined where there is none. */
function sumOf(scrape: Scrape, name: string, labels: Labels): number | undefined {
  const alone = scrape.values.get(name);
  if (alone !== undefined) return alone;
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  let sum: number | undefined;
  for (const [key, value] of scrape.values) {
    if (!key.startsWith(`${name}{`)) continue;
    if (wanted.every((pair) => key.includes(`{${pair}`) || key.includes(`,${pair}`))) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** A value as it stands. */
export const gauge =
  (name: string, labels: Labels = {}): Reading =>
  (now) =>
    sumOf(now, name, labels);

/**
 * Growth of a counter in a second; undefined after a restart, when it begins again below what it was, and after a gap, when
 * all that it ever counted would stand in one second.
 */
export const rate =
  (name: string, labels: Labels = {}): Reading =>
  (now, before) => {
    const [to, from] = [sumOf(now, name, labels), sumOf(before, name, labels)];
    const seconds = (now.atMs - before.atMs) / 1000;
    if (to === undefined || from === undefined || to < from || seconds <= 0) return undefined;
    return (to - from) / seconds;
  };

/** `part / whole`; undefined where either is, or the whole is 0: no traffic has no ratio. */
export const ratio =
  (part: Reading, whole: Reading): Reading =>
  (now, before) => {
    const [above, below] = [part(now, before), whole(now, before)];
    return above === undefined || below === undefined || below === 0 ? undefined : above / below;
  };

/** The sum of several readings; undefined where one is. */
export const plus =
  (...readings: readonly Reading[]): Reading =>
  (now, before) =>
    readings.reduce<number | undefined>((sum, reading) => {
      const value = reading(now, before);
      return sum === undefined || value === undefined ? undefined : sum + value;
    }, 0);

export const times =
  (factor: number, reading: Reading): Reading =>
  (now, before) => {
    const value = reading(now, before);
    return value === undefined ? undefined : value * factor;
  };

/** The first of several readings that there is. */
export const firstOf =
  (...readings: readonly Reading[]): Reading =>
  (now, before) => {
    for (const reading of readings) {
      const value = reading(now, before);
      if (value !== undefined) return value;
    }
    return undefined;
  };

export const always =
  (value: number): Reading =>
  () =>
    value;

/** For what no scrape holds. */
export const never: Reading = () => undefined;
