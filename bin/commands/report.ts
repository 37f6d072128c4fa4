import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { readReportAssets } from '../../lib/adapters/node/report-assets.ts';
import { readReportText, REPORT_FILE, RunFolder } from '../../lib/adapters/node/run-folder.ts';
import { renderersWith } from '../../lib/report/formats/index.ts';
import { isReport, type Report } from '../../lib/report/report.ts';
import { mergedReport } from '../local/merged-report.ts';
import { callerPath, shownPath } from '../paths.ts';
import { printResult } from '../terminal.ts';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { planConfiguration } from '../../lib/report/plan-configuration.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { runAt } from '../../lib/run/archive/run-record.ts';

/** Renders a run's report again, or for the first time where the run was killed: one format to standard output, or all into its folder. */
export async function reportCommand(folder: string, format: string | undefined): Promise<number> {
  const path = callerPath(folder);
  const text = await readReportText(path);
  const stored = text === undefined ? await partialReport(path) : parseReport(text, folder);
  if (stored === undefined)
    throw new PlimsollError('E-RUN-MISSING', `${folder} holds no ${REPORT_FILE}, and no run was begun there.`);
  const renderers = renderersWith(readReportAssets());
  if (format === undefined) {
    const files = new Map<string, string>(renderers.map((each) => [each.fileName, each.render(stored)]));
    if (text === undefined) files.set(REPORT_FILE, JSON.stringify(stored));
    const written = await RunFolder.rewrite(path, files);
    for (const name of files.keys()) printResult(shownPath(`${written}/${name}`));
    return exitCodes.passed;
  }
  const renderer = renderers.find((each) => each.format === format);
  if (renderer === undefined) {
    const names = renderers.map((each) => each.format).join(', ');
    throw new PlimsollError('E-USAGE', `"${format}" is no format; there are ${names}.`);
  }
  printResult(renderer.render(stored));
  return exitCodes.passed;
}

function parseReport(text: string, folder: string): Report {
  try {
    const value: unknown = JSON.parse(text);
    if (isReport(value)) return value;
  } catch {
    // Reported below: the file is ours, and broken.
  }
  throw new PlimsollError('E-RUN-MISSING', `${folder} holds a report that this version can't read.`);
}

const DOUBT =
  'The run was killed before its report; this one was put together from the whole seconds in its folder. Signals of its last phase, and slow statements, are missing.';

/**
 * The report of a run that was killed (SIGKILL, power), from the intervals in its folder; undefined where no run began there.
 * @throws PlimsollError E-STORE-DAMAGED
 */
async function partialReport(folder: string): Promise<Report | undefined> {
  const store = new FolderStore(folder);
  const run = await runAt(store, folderKeys);
  if (run === undefined) return undefined;
  return await mergedReport(store, run, {
    interrupted: true,
    configuration: [['Target', run.facts.target], ...planConfiguration(run.plan)],
    doubts: [DOUBT],
  });
}
