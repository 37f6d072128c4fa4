import { basename, relative } from 'node:path';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { exitCodes } from '../../lib/errors.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { describeRun, type RunLine } from '../../lib/run/archive/runs.ts';
import { foldersIn, withRepeats } from '../local/run-folders.ts';
import { callerPath } from '../paths.ts';
import { printMessage, printResult } from '../terminal.ts';

/** A screen of runs; older ones are found in the folder or bucket. */
export const MOST_SHOWN = 30;

/** Prints runs, one a line: start, verdict, plan, id; and how many of `all` are older. */
export function printRuns(lines: readonly RunLine[], all: number): void {
  if (lines.length === 0) printMessage('There is no run yet.');
  const width = Math.max(0, ...lines.map(({ plan }) => plan.length));
  for (const { startedAt, verdict, plan, id } of lines)
    printResult(
      `${startedAt.slice(0, 19).padEnd(19)}${startedAt === '' ? ' ' : 'Z'}  ${verdict.padEnd(7)}  ${plan.padEnd(width)}  ${id}`,
    );
  if (all > MOST_SHOWN) printMessage(`… and ${all - MOST_SHOWN} older ones`);
}

/** Prints the newest runs among a folder's folders, or the one that the folder itself holds. */
export async function listCommand(folder: string): Promise<number> {
  const path = callerPath(folder);
  const folders = [path, ...(await withRepeats(await foldersIn(path)))];
  const found = await Promise.all(folders.map((each) => describeFolder(each, relative(path, each))));
  const lines = found
    .flatMap((line) => line ?? [])
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt) || b.id.localeCompare(a.id));
  printRuns(lines.slice(0, MOST_SHOWN), lines.length);
  return exitCodes.passed;
}

/** A run that goes on in another terminal has no report yet, as one that was killed. */
const describeFolder = (path: string, name: string): Promise<RunLine | undefined> =>
  describeRun(new FolderStore(path), { id: name === '' ? basename(path) : name, keys: folderKeys, unreported: 'none' });
