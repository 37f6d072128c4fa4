import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes, messageOf, PlimsollError } from '../../../lib/errors.ts';
import { describeRuns, runIds, findRun, storedReport, noSuchRun } from '../../../lib/run/archive/runs.ts';
import { printResult } from '../../terminal.ts';
import { MOST_SHOWN, printRuns } from '../list.ts';
import { type CloudOptions, locateLoadTest } from '../../cloud/load-test-location.ts';
import { readReportAssets } from '../../../lib/adapters/node/report-assets.ts';
import { REPORT_FILE, RunFolder } from '../../../lib/adapters/node/run-folder.ts';
import { renderersWith } from '../../../lib/report/formats/index.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { textAt, type Store } from '../../../lib/run/archive/store.ts';
import { callerPath, shownPath } from '../../paths.ts';

/** Prints the newest runs: start, verdict, plan, id. */
export async function cloudListCommand(options: CloudOptions): Promise<number> {
  const { store } = await locateLoadTest(options);
  const ids = await runIds(store);
  printRuns(await describeRuns(store, ids.slice(0, MOST_SHOWN)), ids.length);
  return exitCodes.passed;
}

interface Options extends CloudOptions {
  readonly out?: string;
}

/** Fetches what the workflow has rendered into a folder, where `plimsoll report` can render it again. */
export async function cloudReportCommand(wanted: string | undefined, options: Options): Promise<number> {
  const { store } = await locateLoadTest(options);
  const id = await findRun(store, wanted);
  if (id === undefined) throw await noSuchRun(store, wanted);
  if ((await storedReport(store, id)) === undefined)
    throw new PlimsollError(
      'E-CLOUD-RUN-MISSING',
      `${id} has no report, or none yet; plimsoll cloud watch waits for it.`,
    );
  const folder = await made(callerPath(options.out ?? join('runs', id)));
  const files = await fetched(store, id);
  await RunFolder.rewrite(folder, files);
  for (const name of files.keys()) printResult(shownPath(join(folder, name)));
  return exitCodes.passed;
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new PlimsollError('E-OUT', `${folder} can't be written: ${messageOf(error)}.`, [], error);
  });
  return folder;
}

async function fetched(store: Store, id: string): Promise<Map<string, string>> {
  const rendered = renderersWith(readReportAssets()).map(({ fileName }) => fileName);
  const names = [...rendered, REPORT_FILE, 'checklist.json'];
  const texts = await Promise.all(names.map((name) => textAt(store, runKeys(id).file(name))));
  return new Map(names.flatMap((name, at) => (texts[at] === undefined ? [] : [[name, texts[at]] as const])));
}
