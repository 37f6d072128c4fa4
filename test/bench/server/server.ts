/** Requests answered since the server's start: `get`, the journey's steps by name, and `refused` (any 4xx or 5xx). */
export type Counts = Readonly<Record<string, number>>;

export interface Server extends AsyncDisposable {
  readonly name: string;
  readonly origin: string;
  /** The server's own account. */
  counts(): Promise<Counts>;
}

/** What was counted between two accounts. */
export function countedSince(before: Counts, after: Counts): Counts {
  return Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));
}

export const totalOf = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
