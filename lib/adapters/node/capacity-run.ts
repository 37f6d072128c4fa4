import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, type ErrorCode, messageOf, PlimsollError } from '../../errors.ts';
import type { MeasuredRun } from '../../scaling/task-capacity.ts';
import { REPORT_FILE } from './run-folder.ts';

/**
 * The summary of a run, and its report where there is one, by the run's folder or by the path of its summary.json.
 * @throws PlimsollError E-CAPACITY-MISSING
 */
export async function readCapacityRun(path: string): Promise<MeasuredRun> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const summaryPath = isFolder ? join(path, 'summary.json') : path;
  const summary = await json(summaryPath);
  if (summary === undefined)
    throw new PlimsollError('E-CAPACITY-MISSING', `${path} is neither a run's folder nor its summary.json.`);
  return { summary, report: await json(join(isFolder ? path : dirname(path), REPORT_FILE)), path };
}

/** Undefined where there is no such file, or no JSON in it. */
async function json(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The text of a file; `shown` is how messages name it.
 * @throws PlimsollError of that code
 */
export async function readText(path: string, shown: string, code: ErrorCode): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? 'does not exist' : `can't be read: ${messageOf(error)}`;
    throw new PlimsollError(code, `${shown} ${reason}.`, [], error);
  }
}
