import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { windowOf } from '../../lib/analysis/outcome.ts';
import { judgePhase } from '../../lib/analysis/phase.ts';
import { analyse } from '../../lib/analysis/index.ts';
import { buildReport } from '../../lib/report/build.ts';
import { planConfiguration } from '../../lib/report/plan-configuration.ts';
import type { Report } from '../../lib/report/report.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { outcomesOf } from '../../lib/run/archive/outcomes.ts';
import { runAt } from '../../lib/run/archive/run-record.ts';
import { jsonAt } from '../../lib/run/archive/store.ts';
import { signals } from '../../lib/signals/index.ts';
import type { SignalSeries } from '../../lib/signals/signal.ts';
import { version } from '../version.ts';

const DOUBT =
  'The run was killed before its report; this one was put together from the whole seconds in its folder. Signals of its last phase, and slow statements, are missing.';

/**
 * The report of a run that was killed (SIGKILL, power), from the intervals in its folder; undefined where no run began there.
 * @throws PlimsollError E-STORE-DAMAGED
 */
export async function partialReport(folder: string): Promise<Report | undefined> {
  const store = new FolderStore(folder);
  const run = await runAt(store, folderKeys);
  if (run === undefined) return undefined;
  const { plan, facts } = run;
  const outcomes = await outcomesOf(store, run);
  const series = (await jsonAt(store, folderKeys.signals, (value) => value as readonly SignalSeries[])) ?? [];
  const startedAtMs = Date.parse(facts.startedAt);
  const phases = outcomes.map((outcome) => judgePhase(plan, outcome, windowOf(outcome, startedAtMs, series)));
  const endedAtMs = Math.max(startedAtMs, ...outcomes.map((each) => each.startedAtMs + each.ranSeconds * 1000));
  const analysed = { startedAtMs, outcomes, phases, interrupted: true, signals, series };
  return buildReport({
    ...analysed,
    run: { id: facts.id, startedAt: facts.startedAt, endedAt: new Date(endedAtMs).toISOString(), version },
    plan,
    planSha256: facts.planSha256,
    target: facts.target,
    findings: analyse(analysed),
    statements: [],
    configuration: [['Target', facts.target], ...planConfiguration(plan)],
    doubts: [DOUBT],
  });
}
