import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ResultFile } from '../../lib/adapters/node/result-file.ts';
import { RunFolder } from '../../lib/adapters/node/run-folder.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { importedRun } from '../../lib/importers/building/run.ts';
import { runId } from '../../lib/run/run-id.ts';
import { type PhaseFromFile, type PhasesFromFiles, storeImported } from '../local/imported-run.ts';
import { namedPhases, readPhases } from '../local/imported-phases.ts';
import { printReport, renderReport } from '../local/printed-report.ts';
import { readInto } from '../local/read-result.ts';
import { callerPath, shownPath, typedName } from '../paths.ts';
import { printMessage, reportError } from '../terminal.ts';

interface Options {
  readonly out?: string;
  readonly json?: boolean;
}

/** Where a run is made. */
interface Place {
  readonly folder: RunFolder;
  readonly id: string;
}

/** A file that was read, and the folder of its run. */
interface Read extends ResultFile, Place {
  readonly path: string;
}

/**
 * Makes a run of each result file; files that their tool has written side by side make one, and so do files that are named as phases.
 * A file that can't be imported is said, and the others are imported all the same; the exit code is then that of the first such
 * error. Of phases none may be missing.
 */
export async function importCommand(paths: readonly string[], options: Options): Promise<number> {
  const named = namedPhases(paths);
  if (named !== undefined) {
    const place = await placeOf(named.map(({ kind }) => kind).join(' '), options);
    await write(place, () => readPhases(named, place.folder.path), options);
    return exitCodes.passed;
  }
  if (options.out !== undefined && paths.length > 1)
    throw new PlimsollError('E-USAGE', '--out takes the folder of one run; import one file at a time with it.');
  const failures: number[] = [];
  const failed = (error: unknown): void => void failures.push(reportError(error));
  const open: Read[] = [];
  for (const [at, path] of paths.entries()) {
    const read = await readAlone(path, at, options).catch(failed);
    if (read !== undefined) open.push(read);
  }
  for (const together of runsOf(open)) await writeTogether(together, options).catch(failed);
  return failures[0] ?? exitCodes.passed;
}

async function placeOf(name: string, { out }: Options): Promise<Place> {
  const id = runId(Date.now(), { name: `import ${name}` });
  const folder = await RunFolder.create(callerPath(out ?? join('runs', id)));
  await folder.clear();
  return { folder, id };
}

async function readAlone(path: string, number: number, options: Options): Promise<Read> {
  const place = await placeOf(`${number === 0 ? '' : number + 1} ${basename(path)}`, options);
  try {
    return { ...(await readInto(path, place.folder.path)), path, ...place };
  } catch (error) {
    await place.folder.leaveNothing();
    throw error;
  }
}

/** Files that belong together, by what their importer says of their names; any other file is a run of its own. */
function runsOf(files: readonly Read[]): readonly (readonly Read[])[] {
  const keyOf = ({ path, importer }: Read, at: number): string => {
    const { ending } = importer ?? {};
    return ending !== undefined && ending.test(path) ? path.replace(ending, '') : `file ${at}`;
  };
  return [...Map.groupBy(files.entries(), ([at, file]) => keyOf(file, at)).values()].map((group) =>
    group.map(([, file]) => file),
  );
}

async function writeTogether([first, ...others]: readonly Read[], options: Options): Promise<void> {
  if (first === undefined) return;
  for (const { folder } of others) await folder.leaveNothing();
  await write(first, () => [joined(first, others)], options);
}

type Phases = PhasesFromFiles | Promise<PhasesFromFiles>;

/** Stores the run and its report; a run of which nothing comes leaves no folder. */
async function write({ folder, id }: Place, phases: () => Phases, { json }: Options): Promise<void> {
  try {
    const report = await storeImported(folder.path, id, await phases());
    printReport(report, json === true);
    await RunFolder.rewrite(folder.path, renderReport(report));
    printMessage(`Report: ${pathToFileURL(join(folder.path, 'report.html')).href}`);
    printMessage(`Again:  ${typedName()} report ${shownPath(folder.path)}`);
  } catch (error) {
    await folder.leaveNothing();
    throw error;
  }
}

function joined(first: Read, others: readonly Read[]): PhaseFromFile {
  const imported = first.importer?.join?.(first.imported, ...others.map((each) => each.imported)) ?? first.imported;
  if (imported.onlyFailures === true)
    throw new PlimsollError(
      'E-IMPORT-DAMAGED',
      `${first.path}: It holds failures alone; give the statistics that lie beside it in ${dirname(first.path)} with it.`,
    );
  return {
    run: importedRun(imported, first.collected, basename(first.path)),
    target: imported.target,
    streams: first.collected.streams,
    files: [first, ...others].map(({ path, bytes, sha256 }) => ({ name: basename(path), bytes, sha256 })),
  };
}
