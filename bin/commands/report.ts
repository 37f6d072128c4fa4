import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { readReportAssets } from '../../lib/adapters/node/report-assets.ts';
import { readReportText, REPORT_FILE, RunFolder } from '../../lib/adapters/node/run-folder.ts';
import { renderersWith } from '../../lib/report/formats/index.ts';
import { isReport, type Report } from '../../lib/report/report.ts';
import { partialReport } from '../local/partial-report.ts';
import { callerPath, shownPath } from '../paths.ts';
import { result } from '../say.ts';

/** Renders a run's report again, or for the first time where the run was killed: one format to standard output, or all into its folder. */
export async function report(folder: string, format: string | undefined): Promise<number> {
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
    for (const name of files.keys()) result(shownPath(`${written}/${name}`));
    return exitCodes.passed;
  }
  const renderer = renderers.find((each) => each.format === format);
  if (renderer === undefined) {
    const names = renderers.map((each) => each.format).join(', ');
    throw new PlimsollError('E-USAGE', `"${format}" is no format; there are ${names}.`);
  }
  result(renderer.render(stored));
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
