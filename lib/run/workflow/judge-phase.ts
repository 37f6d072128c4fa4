import type { PhaseOutcome } from '../../analysis/outcome.ts';
import { summarisePhase } from '../../report/summarise.ts';
import type { PhaseSummary } from '../../report/summary.ts';
import type { SignalSeries } from '../../signals/signal.ts';
import type { KeptRun } from '../archive/run-record.ts';

/** One phase judged, with the signals that were read. */
export function judgePhase(
  { facts, plan }: KeptRun,
  outcome: PhaseOutcome,
  signals: readonly SignalSeries[],
): PhaseSummary {
  const fromSeconds = (outcome.startedAtMs - Date.parse(facts.startedAt)) / 1000;
  return summarisePhase(plan, outcome, { fromSeconds, toSeconds: fromSeconds + outcome.ranSeconds, signals });
}
