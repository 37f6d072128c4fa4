const US: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };

/** `13.53ms`, `1.02s`, `541.00us` → µs; NaN of anything else. */
export function spanUs(text: string | undefined): number {
  const parts = /^(-?[\d.]+(?:e-?\d+)?)\s*(us|µs|ms|s|m|h)$/.exec(text?.trim() ?? '');
  return parts === null ? Number.NaN : Number(parts[1]) * (US[parts[2] ?? ''] ?? Number.NaN);
}

/** The figures stand at the end of what a tool prints, or at its beginning. */
const MOST_LETTERS = 512 * 1024;

/** Lines of a text tool's output, trimmed; none of them is longer than anything such a tool writes. */
export function shortLines(text: string): string[] {
  const looked = text.length > 2 * MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}\n${text.slice(-MOST_LETTERS)}` : text;
  return looked.split(/\r?\n/).map((line) => (line.length > 2000 ? '' : line.trim()));
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
