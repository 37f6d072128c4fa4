import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { IntervalFiles } from '../../lib/adapters/node/interval-files.ts';
import { readResultFile, type ResultFile } from '../../lib/adapters/node/result-file.ts';
import { RunFolder } from '../../lib/adapters/node/run-folder.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { SampleCollector } from '../../lib/importers/building/collector.ts';
import { runId } from '../../lib/run/run-id.ts';
import { formatBytes } from '../../lib/units.ts';
import { type ImportedFiles, storeImported } from '../local/imported-run.ts';
import { printReport, renderReport } from '../local/printed-report.ts';
import { callerPath, shownPath } from '../paths.ts';
import { printMessage, reportError } from '../terminal.ts';

interface Options {
  readonly out?: string;
  readonly json?: boolean;
}

/** A file that was read, and the folder of its run. */
interface Read extends ResultFile {
  readonly path: string;
  readonly folder: RunFolder;
  readonly id: string;
}

/**
 * Makes a run of each result file; files that their tool has written side by side make one. A file that can't be imported is
 * said, and the others are imported all the same; the exit code is then that of the first such error.
 */
export async function importCommand(paths: readonly string[], options: Options): Promise<number> {
  if (options.out !== undefined && paths.length > 1)
    throw new PlimsollError('E-USAGE', '--out takes the folder of one run; import one file at a time with it.');
  const failures: number[] = [];
  const failed = (error: unknown): void => void failures.push(reportError(error));
  const open: Read[] = [];
  for (const [at, path] of paths.entries()) {
    const read = await readInto(path, at, options).catch(failed);
    if (read !== undefined) open.push(read);
  }
  for (const together of runsOf(open)) await write(together, options).catch(failed);
  return failures[0] ?? exitCodes.passed;
}

/** Reads a file; what is in it of single requests is stored meanwhile. */
async function readInto(path: string, number: number, { out }: Options): Promise<Read> {
  const id = runId(Date.now(), { name: `import ${number === 0 ? '' : number + 1} ${basename(path)}` });
  const folder = await RunFolder.create(callerPath(out ?? join('runs', id)));
  const intervals = new IntervalFiles(folder.path);
  try {
    await folder.clear();
    const samples = new SampleCollector((interval) => intervals.append(interval));
    const read = await readResultFile(callerPath(path), { samples, onProgress: progressOf(path) });
    intervals.end();
    return { ...read, path, folder, id };
  } catch (error) {
    await intervals.discard();
    await folder.leaveNothing();
    if (!(error instanceof PlimsollError)) throw error;
    throw new PlimsollError(error.code, `${path}: ${error.message}`, error.details, error);
  }
}

const PROGRESS_MS = 2000;

/** Says how far a large file is read, every two seconds. */
function progressOf(path: string): (read: number, of: number) => void {
  let saidMs = Date.now();
  return (read, of) => {
    if (Date.now() - saidMs < PROGRESS_MS) return;
    saidMs = Date.now();
    printMessage(`${path}: ${formatBytes(read)} of ${formatBytes(of)} read`);
  };
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

async function write(together: readonly Read[], options: Options): Promise<void> {
  const [first, ...others] = together;
  if (first === undefined) return;
  for (const { folder } of others) await folder.leaveNothing();
  try {
    const report = await storeImported(first.folder.path, first.id, joined(first, others));
    printReport(report, options.json === true);
    await RunFolder.rewrite(first.folder.path, renderReport(report));
    printMessage(`Report: ${pathToFileURL(join(first.folder.path, 'report.html')).href}`);
    printMessage(`Again:  plimsoll report ${shownPath(first.folder.path)}`);
  } catch (error) {
    await first.folder.leaveNothing();
    throw error;
  }
}

function joined(first: Read, others: readonly Read[]): ImportedFiles {
  const imported = first.importer?.join?.(first.imported, ...others.map((each) => each.imported)) ?? first.imported;
  if (imported.onlyFailures === true)
    throw new PlimsollError(
      'E-IMPORT-DAMAGED',
      `${first.path}: It holds failures alone; give the statistics that lie beside it in ${dirname(first.path)} with it.`,
    );
  const files = [first, ...others].map(({ path, bytes, sha256, collected }) => ({
    name: basename(path),
    bytes,
    sha256,
    collected,
  }));
  return { imported, files };
}
