import { basename } from 'node:path';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { historyOfRuns, type RunHistory, type PastRun } from '../../lib/analysis/history/history.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { sectionsMarkdown } from '../../lib/report/formats/markdown.ts';
import { sectionsText } from '../../lib/report/formats/text.ts';
import { historyHeadline, historySections } from '../../lib/report/history.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { pastRunAt } from '../../lib/run/archive/past-run.ts';
import { isDamaged } from '../../lib/run/archive/store.ts';
import { foldersIn, withRepeats } from '../local/run-folders.ts';
import { callerPath, shownPath } from '../paths.ts';
import { outputColumns, printMessage, printResult } from '../terminal.ts';

interface HistoryOptions {
  readonly plan?: string;
  readonly format?: string;
  readonly json?: boolean;
}

/** Shuffling is quadratic in the number of runs; a change that is older than this many no longer surprises anyone. */
const MOST_RUNS = 200;

const formats: Readonly<Record<string, (history: RunHistory) => string>> = {
  text: (history) => sectionsText(historyHeadline(history), historySections(history), outputColumns()),
  markdown: (history) => sectionsMarkdown(historyHeadline(history), historySections(history)),
  json: (history) => JSON.stringify(history, null, 2),
};

/** Prints the runs of a plan among a folder's folders, and where their figures have changed. */
export async function historyCommand(folder: string, options: HistoryOptions): Promise<number> {
  const { format = 'text' } = options;
  const render = formats[options.json === true ? 'json' : format];
  if (render === undefined)
    throw new PlimsollError('E-USAGE', `"${format}" is no format; there are ${Object.keys(formats).join(', ')}.`);
  printResult(render(await historyIn(callerPath(folder), options.plan)));
  return exitCodes.passed;
}

/** @throws PlimsollError E-RUN-MISSING where no run of the plan is there */
async function historyIn(path: string, plan: string | undefined): Promise<RunHistory> {
  const runs: PastRun[] = [];
  for (const each of await withRepeats(await foldersIn(path))) {
    const run = await pastRunAt(new FolderStore(each), folderKeys).catch((error: unknown) => {
      if (!isDamaged(error)) throw error;
      printMessage(`${basename(each)} can't be read, and is left out.`);
    });
    if (run !== undefined) runs.push(run);
  }
  const newestFirst = runs.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  const name = plan ?? newestFirst[0]?.plan;
  const own = newestFirst.filter((run) => run.plan === name);
  if (name === undefined || own.length === 0)
    throw new PlimsollError(
      'E-RUN-MISSING',
      `${shownPath(path)} holds no run${plan === undefined ? '' : ` of the plan "${plan}"`} that is over.`,
      [...new Set(runs.map((run) => `There are runs of ${run.plan}.`))],
    );
  if (own.length > MOST_RUNS) printMessage(`Of ${own.length} runs the newest ${MOST_RUNS} are looked at.`);
  return historyOfRuns(name, own.slice(0, MOST_RUNS));
}
