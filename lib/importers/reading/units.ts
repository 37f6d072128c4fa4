const US: Readonly<Record<string, number>> = {
  ns: 1e-3,
  us: 1,
  µs: 1,
  ms: 1e3,
  s: 1e6,
  sec: 1e6,
  secs: 1e6,
  m: 60e6,
  min: 60e6,
  h: 3600e6,
  hr: 3600e6,
};

/** `13.53ms`, `1.02s`, `541.00us`, `0.0013 secs`, and oha's `1.2034 10 sec` → µs; NaN of anything else. */
export function spanUs(text: string | undefined): number {
  const [, number = Number.NaN, tens = 1, unit = ''] =
    /^(-?[\d.]+(?:e-?\d+)?)(?:\s+(10))?\s*([a-zµ]+)$/.exec(text?.trim() ?? '') ?? [];
  return Number(number) * Number(tens) * (Object.hasOwn(US, unit) ? (US[unit] ?? Number.NaN) : Number.NaN);
}

/** A span as Go writes it, to its nanoseconds: `1m0.5s`, `428.25µs`, `0s` → µs; NaN of anything else. */
export function goSpanUs(text: string | undefined): number {
  const written = text?.trim() ?? '';
  if (!/^(?:[\d.]+(?:ns|[uµμ]s|ms|s|m|h))+$/.test(written)) return Number.NaN;
  const parts = [...written.replaceAll('μ', 'µ').matchAll(/[\d.]+[a-zµ]+/g)].map(([part]) => spanUs(part));
  return Number(parts.reduce((sum, part) => sum + part, 0).toFixed(3));
}

/** What a pattern finds in the first line that it fits; undefined where it fits none. */
export function found(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}

/** The number that a pattern finds as its first group; NaN where it finds none. */
export const numberIn = (lines: readonly string[], pattern: RegExp): number =>
  Number(found(lines, pattern)?.[1] ?? Number.NaN);

/** A time in µs, from a number in units of `us`; nanoseconds are the finest that any tool means by its digits. */
export const toUs = (value: number, us: number): number => Number((value * us).toFixed(3));
