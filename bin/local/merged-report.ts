import { analyse } from '../../lib/analysis/index.ts';
import { windowOf } from '../../lib/analysis/outcome.ts';
import { judgePhase } from '../../lib/analysis/phase.ts';
import type { OnceRecords } from '../../lib/measure/once.ts';
import { buildReport } from '../../lib/report/build.ts';
import type { Report, ReportConfiguration } from '../../lib/report/report.ts';
import { outcomesOf } from '../../lib/run/archive/outcomes.ts';
import type { StoredRun } from '../../lib/run/archive/run-record.ts';
import { jsonAt, type Store } from '../../lib/run/archive/store.ts';
import { signals } from '../../lib/signals/index.ts';
import type { SignalSeries } from '../../lib/signals/signal.ts';
import { version } from '../version.ts';

/** What a store does not say of a run. */
export interface MergedRun {
  readonly interrupted: boolean;
  readonly configuration: ReportConfiguration;
  readonly doubts: readonly string[];
  /** What setup, checks and teardown sent, where the store holds it. */
  readonly once?: OnceRecords;
}

/**
 * The report of a run whose parts lie in a store: its phases are put together, judged and analysed.
 * @throws PlimsollError E-STORE, E-STORE-DAMAGED
 */
export async function mergedReport(
  store: Store,
  run: StoredRun,
  { interrupted, configuration, doubts, once = {} }: MergedRun,
): Promise<Report> {
  const { plan, facts, keys } = run;
  const outcomes = await outcomesOf(store, run);
  const series = (await jsonAt(store, keys.signals, (value) => value as readonly SignalSeries[])) ?? [];
  const startedAtMs = Date.parse(facts.startedAt);
  const phases = outcomes.map((outcome) => judgePhase(plan, outcome, windowOf(outcome, startedAtMs, series)));
  const endedAtMs = Math.max(startedAtMs, ...outcomes.map((each) => each.startedAtMs + each.ranSeconds * 1000));
  const analysed = { plan, startedAtMs, outcomes, phases, interrupted, signals, series, checks: once.checks };
  return buildReport({
    ...analysed,
    run: { id: facts.id, startedAt: facts.startedAt, endedAt: new Date(endedAtMs).toISOString(), version },
    planSha256: facts.planSha256,
    target: facts.target,
    findings: analyse(analysed),
    statements: [],
    configuration,
    doubts,
    once,
  });
}
