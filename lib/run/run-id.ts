/** Sorts by time, and says what was run: `2026-11-21T04-20-11Z-week-7`. It names a folder here and a key in a store. */
export function runId(startedAtMs: number, { name }: { readonly name: string }): string {
  const time = new Date(startedAtMs).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return [time, ...words].join('-').slice(0, MOST_LETTERS).replace(/-$/, '');
}

/** Some 40 for the plan's name. */
const MOST_LETTERS = 61;
