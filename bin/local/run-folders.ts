import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { codeOf, messageOf, PlimsollError } from '../../lib/errors.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { jsonAt } from '../../lib/run/archive/store.ts';
import { shownPath } from '../paths.ts';
import { printMessage } from '../terminal.ts';

/** Whether a run was begun in this folder. */
export const holdsRun = async (path: string): Promise<boolean> =>
  (await new FolderStore(path).get(folderKeys.run)) !== undefined;

/** The folders of runs right below one, in the order of their names: those of `--repeat`, for instance. */
export async function runsBelow(path: string): Promise<readonly string[]> {
  const folders = await foldersIn(path);
  const found = await Promise.all(folders.map(holdsRun));
  return folders.filter((_, at) => found[at] === true).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Whether the run in this folder came to its end: only then it is a measurement of the whole plan. */
async function isWhole(path: string): Promise<boolean> {
  const summary = await jsonAt(new FolderStore(path), folderKeys.file(SUMMARY), asObject);
  return summary !== undefined && summary['partial'] !== true;
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(value ?? {}));

const SUMMARY = 'summary.json';

/** The folder itself, that of a summary, or where it holds no run of its own, those of the whole runs in it. */
export async function wholeRunsIn(given: string): Promise<readonly string[]> {
  const path = basename(given) === SUMMARY ? dirname(given) : given;
  if (await holdsRun(path)) return [path];
  const below = await runsBelow(path);
  const whole = await Promise.all(below.map(isWhole));
  for (const each of below.filter((_, at) => whole[at] !== true))
    printMessage(`${shownPath(each)} was not run to its end, and is left out.`);
  return below.length === 0 ? [path] : below.filter((_, at) => whole[at] === true);
}

/** Folders that may hold repeats, and the runs in these. */
export async function withRepeats(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map(async (path) => ((await holdsRun(path)) ? [path] : runsBelow(path))));
  return found.flat();
}

/** `2026-11-21T04-20-11Z-week-7/3`: a run by the name of its folder, below the folder of runs. */
export const repeatFolder = (path: string, number: number, of: number): string =>
  join(path, String(number).padStart(String(of).length, '0'));

/** `runs/latest` is a link, and no run of its own. Before the first run there is no folder. */
export async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw new PlimsollError('E-RUN-MISSING', `${path} can't be read: ${messageOf(error)}.`, [], error);
  });
  return entries.flatMap((entry) => (entry.isDirectory() ? [join(path, entry.name)] : []));
}
