import { z } from 'zod';
import type { Report } from '../../lib/report/report.ts';
import { planConfiguration } from '../../lib/report/plan-configuration.ts';
import { MACHINE_LABEL } from '../../lib/run/archive/compared-run.ts';
import { forgetHandedOn, onceDoubts, onceRecords } from '../../lib/run/archive/once-files.ts';
import type { StoredRun } from '../../lib/run/archive/run-record.ts';
import { storedReport } from '../../lib/run/archive/runs.ts';
import { jsonAt, type Store } from '../../lib/run/archive/store.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { counted } from '../../lib/units.ts';
import { mergedReport } from '../local/merged-report.ts';
import { renderReport } from '../local/printed-report.ts';

/** The report of a run that is over: the stored one, else it is made, and stored in every format. */
export async function sharedReport(store: Store, run: StoredRun): Promise<Report> {
  const stored = await storedReport(store, run.facts.id);
  if (stored !== undefined) return stored;
  const ended = await jsonAt(store, run.keys.ended, (value) => z.object({ why: z.string() }).parse(value));
  const once = await onceRecords(store, run.keys);
  const report = await mergedReport(store, run, {
    interrupted: ended !== undefined,
    once,
    configuration: [
      ['Environment', run.facts.environment],
      ['Target', run.facts.target],
      [MACHINE_LABEL, `${counted(run.facts.workers, 'worker')} of ${run.facts.environment}`],
      ['Execution', run.facts.execution],
      ...planConfiguration(run.plan),
    ],
    doubts: [
      ...(ended === undefined ? [] : [`The run was broken off: ${ended.why}.`]),
      ...onceDoubts(run.plan, once),
      ...unreadSources(run.plan),
    ],
  });
  const files = renderReport(report);
  if (run.plan.setup !== undefined) await forgetHandedOn(store, run.facts.id);
  // Its summary last: where it stands, the report is whole.
  for (const [name, text] of files) if (name !== SUMMARY) await store.put(run.keys.file(name), text);
  await store.put(run.keys.file(SUMMARY), files.get(SUMMARY) ?? '');
  return report;
}

const SUMMARY = 'summary.json';

/** Workers have the load to do, and a service's replicas each an account of their own, of which an address shows any. */
function unreadSources({ signals: { metrics, database, cache } }: Plan): string[] {
  const sources = Object.entries({ metrics, database, cache }).flatMap(([name, given]) =>
    given === undefined ? [] : [`signals.${name}`],
  );
  return sources.length === 0 ? [] : [`${sources.join(', ')}: not read, since the load was made by separate workers.`];
}
