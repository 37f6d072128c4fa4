import { IntervalFiles, type PhasePlace } from '../../lib/adapters/node/interval-files.ts';
import { readResultFile, type ResultFile } from '../../lib/adapters/node/result-file.ts';
import { PlimsollError } from '../../lib/errors.ts';
import { SampleCollector } from '../../lib/importers/building/collector.ts';
import { formatBytes } from '../../lib/units.ts';
import { callerPath } from '../paths.ts';
import { printMessage } from '../terminal.ts';

/** The only phase of a run of one file. */
const ALONE: PhasePlace = { number: 0, firstStep: 0 };

/**
 * Reads another tool's file; what is in it of single requests is stored meanwhile, in a run's folder. Of a file that can't be read
 * nothing is left there.
 * @throws PlimsollError E-IMPORT-…
 */
export async function readInto(path: string, folder: string, place = ALONE): Promise<ResultFile> {
  const intervals = new IntervalFiles(folder, place);
  try {
    const samples = new SampleCollector((interval) => intervals.append(interval));
    const read = await readResultFile(callerPath(path), { samples, onProgress: progressOf(path) });
    intervals.end();
    return read;
  } catch (error) {
    await intervals.discard();
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
