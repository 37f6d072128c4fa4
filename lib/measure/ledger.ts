import { failureClassOf, type FailureClass } from './failures.ts';

/** Arrivals of a stretch of time. Over a whole phase: due = started + dropped, started = completed + abandoned + cut. */
export interface ArrivalLedger {
  due: number;
  started: number;
  dropped: number;
  completed: number;
  abandoned: number;
  cut: number;
  /** Of the dropped, by kind, those that did not wait longer than the plan's patience: `feeder`. Only where there are any. */
  drops?: Record<string, number> | undefined;
  /**
   * Of a load in requests: how many requests the arrivals that were due stood for. Each was due where the load's requests had come to the
   * sum of those before it.
   */
  requests?: number | undefined;
  /** Of users who are paced: journeys that began later than their pace says, since the one before took longer. */
  late?: number | undefined;
}

export type ArrivalEvent = Exclude<keyof ArrivalLedger, 'drops' | 'requests' | 'late'>;

/** Requests of a stretch of time. Over a whole phase: sent = ok + failed + timedOut + cut, and failed is the sum of `failures`. */
export interface Ledger {
  sent: number;
  ok: number;
  failed: number;
  timedOut: number;
  cut: number;
  failures: Record<string, number>;
  /** Kind of failure or `timedOut` → what the system said of one of them, or its trace; left out where there is neither. */
  examples?: Record<string, string> | undefined;
}

export const emptyArrivals = (): ArrivalLedger => ({
  due: 0,
  started: 0,
  dropped: 0,
  completed: 0,
  abandoned: 0,
  cut: 0,
});

export const emptyLedger = (): Ledger => ({ sent: 0, ok: 0, failed: 0, timedOut: 0, cut: 0, failures: {} });

export function addArrivals(into: ArrivalLedger, other: ArrivalLedger): void {
  into.due += other.due;
  into.started += other.started;
  into.dropped += other.dropped;
  into.completed += other.completed;
  into.abandoned += other.abandoned;
  into.cut += other.cut;
  for (const [kind, count] of Object.entries(other.drops ?? {})) addDrops(into, kind, count);
  if (other.late !== undefined) into.late = (into.late ?? 0) + other.late;
  if (other.requests !== undefined) into.requests = (into.requests ?? 0) + other.requests;
}

export function addDrops(into: ArrivalLedger, kind: string, count: number): void {
  into.drops = { ...into.drops, [kind]: (into.drops?.[kind] ?? 0) + count };
}

export function addLedger(into: Ledger, other: Ledger): void {
  into.sent += other.sent;
  into.ok += other.ok;
  into.failed += other.failed;
  into.timedOut += other.timedOut;
  into.cut += other.cut;
  for (const [kind, count] of Object.entries(other.failures)) into.failures[kind] = (into.failures[kind] ?? 0) + count;
  for (const [kind, example] of Object.entries(other.examples ?? {})) addExample(into, kind, example);
}

/** A message of a certificate may list a hundred names. */
const LONGEST_EXAMPLE = 200;

/** One a kind, whichever way ledgers are merged: the first by its letters. */
export function addExample(ledger: Ledger, kind: string, example: string): void {
  const short = example.slice(0, LONGEST_EXAMPLE);
  const known = ledger.examples?.[kind];
  if (known === undefined || short < known) (ledger.examples ??= {})[kind] = short;
}

/** Nothing was sent, and nothing ended. */
export const isEmpty = ({ sent, ok, failed, timedOut, cut }: Ledger): boolean =>
  sent + ok + failed + timedOut + cut === 0;

/** Of the requests that came to an end, the share that failed or timed out; NaN where none did. */
export const errorRatio = (ledger: Ledger): number =>
  (ledger.failed + ledger.timedOut) / (ledger.ok + ledger.failed + ledger.timedOut);

/** Requests that went wrong, by class, the most first: a service that refuses (429, 503) is another than one that is slow. */
export function failuresByClass({ failures, timedOut }: Ledger): Partial<Record<FailureClass | 'timed out', number>> {
  const counts = new Map<FailureClass | 'timed out', number>(timedOut > 0 ? [['timed out', timedOut]] : []);
  for (const [kind, count] of Object.entries(failures)) {
    const own = failureClassOf(kind);
    counts.set(own, (counts.get(own) ?? 0) + count);
  }
  return Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a));
}

/** The equations that don't hold, as sentences; none when the ledger closes. */
export function openEntries(arrivals: ArrivalLedger, ledger: Ledger): string[] {
  const failures = Object.values(ledger.failures).reduce((sum, count) => sum + count, 0);
  const equations: readonly [string, number, number][] = [
    ['due = started + dropped', arrivals.due, arrivals.started + arrivals.dropped],
    ['started = completed + abandoned + cut', arrivals.started, arrivals.completed + arrivals.abandoned + arrivals.cut],
    ['sent = ok + failed + timedOut + cut', ledger.sent, ledger.ok + ledger.failed + ledger.timedOut + ledger.cut],
    ['failed = sum of failures', ledger.failed, failures],
  ];
  return equations
    .filter(([, left, right]) => left !== right)
    .map(([law, left, right]) => `${law}: ${left} ≠ ${right}`);
}
