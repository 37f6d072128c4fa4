import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { pointLatestAt, RunFolder } from '../../lib/adapters/node/run-folder.ts';
import { repeatsOf, type JudgedRepeat } from '../../lib/analysis/compare/repeats.ts';
import { gravest } from '../../lib/analysis/verdict.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { sectionsMarkdown } from '../../lib/report/formats/markdown.ts';
import { sectionsText } from '../../lib/report/formats/text.ts';
import type { Repeat } from '../../lib/report/live.ts';
import { oneLine } from '../../lib/report/numbers.ts';
import { repeatsHeadline, repeatsSections } from '../../lib/report/repeats.ts';
import type { Report } from '../../lib/report/report.ts';
import { comparedRunAt } from '../../lib/run/archive/compared-run.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { shownPath } from '../paths.ts';
import { exitCodeOfVerdict, outputColumns, printMessage, printResult } from '../terminal.ts';
import { holdsRun, repeatFolder, runsBelow } from './run-folders.ts';

export interface Repeating {
  /** Of the folder that holds the repeats. */
  readonly path: string;
  readonly id: string;
  readonly times: number;
  readonly json: boolean;
  /** Whether `runs/latest` is to point at it. */
  readonly isLatest: boolean;
  readonly signal: AbortSignal;
  readonly run: (id: string, path: string, repeat: Repeat) => Promise<Report>;
}

/** Of a series that one run has ended, too. */
interface Done {
  readonly path: string;
  readonly report: Report;
}

/**
 * Runs a plan several times, each as a run of its own in a folder of its own, and says how much they differ. An interrupt ends the run
 * that goes on and begins no other; what was run before stays. The exit code is that of the gravest verdict.
 */
export async function runRepeatedly(repeating: Repeating): Promise<number> {
  const { path, id, times, signal, run } = repeating;
  await refuseUsed(path);
  const done: Done[] = [];
  try {
    for (let number = 1; number <= times && !signal.aborted; number += 1) {
      const folder = repeatFolder(path, number, times);
      printMessage(`Run ${number} of ${times}`);
      const report = await run(`${id}-${number}`, folder, { number, of: times });
      printMessage(`Run ${number} of ${times}: ${report.summary.verdict}. ${oneLine(report.headline)}`);
      done.push({ path: folder, report });
    }
  } finally {
    await summarise(repeating, done);
  }
  if (signal.aborted) return exitCodes.interrupted;
  return exitCodeOfVerdict[gravest(done.map(({ report }) => report.summary.verdict))];
}

/** Runs of another time beside them would be taken for repeats. */
async function refuseUsed(path: string): Promise<void> {
  if ((await holdsRun(path)) || (await runsBelow(path)).length > 0)
    throw new PlimsollError('E-USAGE', `${shownPath(path)} holds runs already; give --repeat a folder of its own.`);
}

async function summarise({ path, json, isLatest }: Repeating, done: readonly Done[]): Promise<void> {
  const whole: JudgedRepeat[] = [];
  for (const { path: folder, report } of done)
    if (report.summary.partial !== true)
      whole.push({
        run: await comparedRunAt(new FolderStore(folder), folderKeys, shownPath(folder)),
        verdict: report.summary.verdict,
      });
  if (whole.length < 2) return;
  const repeats = repeatsOf(whole);
  const [headline, sections] = [repeatsHeadline(repeats), repeatsSections(repeats)];
  const text = JSON.stringify(repeats, null, 2);
  printResult(json ? text : `\n${sectionsText(headline, sections, outputColumns())}`);
  await RunFolder.rewrite(
    path,
    new Map([
      ['repeats.json', text],
      ['repeats.md', sectionsMarkdown(headline, sections)],
    ]),
  );
  if (isLatest) await pointLatestAt(path);
  printMessage(`Compare: plimsoll compare ${shownPath(path)} RUN`);
}
