import { FolderStore } from '../../../lib/adapters/node/folder-store.ts';
import type { AnalysedRun } from '../../../lib/analysis/analysed-run.ts';
import { analyse } from '../../../lib/analysis/index.ts';
import { windowOf } from '../../../lib/analysis/outcome.ts';
import { judgePhase } from '../../../lib/analysis/phase.ts';
import { buildReport } from '../../../lib/report/build.ts';
import { planConfiguration } from '../../../lib/report/plan-configuration.ts';
import type { Report } from '../../../lib/report/report.ts';
import { folderKeys } from '../../../lib/run/archive/keys.ts';
import { outcomesOf } from '../../../lib/run/archive/outcomes.ts';
import { runAt } from '../../../lib/run/archive/run-record.ts';
import { jsonAt } from '../../../lib/run/archive/store.ts';
import { signals } from '../../../lib/signals/index.ts';
import type { SignalSeries } from '../../../lib/signals/signal.ts';

/** What is known of a recorded run beside its measurement. */
export interface RecordedFacts {
  readonly id: string;
  readonly planSha256: string;
  readonly target: string;
}

/** The report of a run as a folder holds it: its facts, its phases' intervals, its signals. */
export async function reportFrom(folder: string): Promise<Report> {
  const store = new FolderStore(folder);
  const run = await runAt(store, folderKeys);
  if (run === undefined) throw new Error(`${folder} holds no run`);
  const { plan, facts } = run;
  const outcomes = await outcomesOf(store, run);
  const series = (await jsonAt(store, folderKeys.signals, (value) => value as readonly SignalSeries[])) ?? [];
  const startedAtMs = Date.parse(facts.startedAt);
  const phases = outcomes.map((outcome) => judgePhase(plan, outcome, windowOf(outcome, startedAtMs, series)));
  return reportOfRun({ plan, startedAtMs, outcomes, phases, interrupted: false, signals, series }, facts);
}

/** The report that a recorded run gives today. */
export function reportOfRun(run: AnalysedRun, { id, planSha256, target }: RecordedFacts): Report {
  const endedAtMs = Math.max(...run.outcomes.map((each) => each.startedAtMs + each.ranSeconds * 1000));
  const [startedAt, endedAt] = [run.startedAtMs, endedAtMs].map((at) => new Date(at).toISOString());
  return buildReport({
    ...run,
    run: { id, startedAt: startedAt ?? '', endedAt: endedAt ?? '', version: '0.0.0' },
    planSha256,
    target,
    findings: analyse(run),
    statements: [],
    configuration: [['Target', target], ...planConfiguration(run.plan)],
    doubts: [],
  });
}
