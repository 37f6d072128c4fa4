import type { PhaseOutcome } from '../../../analysis/outcome.ts';
import type { FailureCase } from '../../../measure/cases.ts';
import type { LogWindow } from '../ports.ts';

/** What led to a failure is logged before it, by services whose clocks differ; what it did, after. */
const BEFORE_MS = 10_000;
const AFTER_MS = 20_000;
/** Who waits longer for a reply has its beginning left out. */
const MOST_PATIENCE_MS = 60_000;
const MOST_WINDOWS = 5;

/**
 * When to look for what went wrong: around the first failure of each kind of each step, the earliest windows first. `patienceMs` is how
 * long a request waits before it counts as timed out: what delayed it may have been logged at its beginning.
 */
export function failureWindows(outcomes: readonly PhaseOutcome[], patienceMs: number): readonly LogWindow[] {
  const windows: LogWindow[] = [];
  for (const { fromMs, toMs } of outcomes.flatMap((outcome) => windowsOf(outcome, patienceMs)).toSorted(inOrder)) {
    const last = windows.at(-1);
    if (last === undefined || fromMs > last.toMs) windows.push({ fromMs, toMs });
    else windows[windows.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) };
  }
  return windows.slice(0, MOST_WINDOWS);
}

const inOrder = (a: LogWindow, b: LogWindow): number => a.fromMs - b.fromMs;

function windowsOf({ startedAtMs, measurement }: PhaseOutcome, patienceMs: number): LogWindow[] {
  const firsts = measurement.total.steps.values().flatMap(({ cases }) => firstOfEachKind(cases));
  return Array.from(firsts, ({ kind, atUs }) => {
    const atMs = Math.floor(startedAtMs + atUs / 1000);
    const waitedMs = kind === 'timedOut' ? Math.min(patienceMs, MOST_PATIENCE_MS) : 0;
    return { fromMs: atMs - waitedMs - BEFORE_MS, toMs: atMs + AFTER_MS };
  });
}

function firstOfEachKind(cases: readonly FailureCase[]): FailureCase[] {
  const byKind = Map.groupBy(cases, ({ kind }) => kind);
  return Array.from(byKind.values(), (own) => own.reduce((first, each) => (each.atUs < first.atUs ? each : first)));
}
