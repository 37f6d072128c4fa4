import { z } from 'zod';
import { PlimsollError } from '../../errors.ts';
import { didYouMean } from '../../document/suggest.ts';
import { isReport, type Report } from '../../report/report.ts';
import type { Summary } from '../../report/summary.ts';
import { type RunKeys, runKeys } from './keys.ts';
import { isDamaged, jsonAt, type Store } from './store.ts';
import { pointer, runOf } from './run-record.ts';
import { lockHolder } from './lock.ts';

/** One pointer a run: the runs themselves hold ten thousands of keys each. See run-record.ts. */
const POINTERS = 'executions/';

const named = z.object({ name: z.string() });
const started = z.object({ startedAt: z.string() });
const judged = z.object({ verdict: z.custom<Summary['verdict']>(isText), partial: z.boolean().optional() });

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/** Ids of all runs, the newest first: they begin with the time. */
export async function runIds(store: Store): Promise<string[]> {
  const stored: Promise<{ run: string } | undefined>[] = [];
  // The console makes an empty object where a folder is made there by hand.
  for await (const key of store.list(POINTERS))
    if (key.endsWith('.json')) stored.push(jsonAt(store, key, (value) => pointer.parse(value)));
  const ids = (await Promise.all(stored)).flatMap((found) => found?.run ?? []);
  return ids.toSorted((a, b) => (a < b ? 1 : -1));
}

export interface RunLine {
  readonly id: string;
  readonly plan: string;
  readonly startedAt: string;
  /** `running` while it holds the lock, `none` where it left no report. */
  readonly verdict: Summary['verdict'] | 'running' | 'partial' | 'none' | 'damaged';
}

/** These runs of a bucket, each in a line. One that is partly gone already is left out. */
export async function describeRuns(store: Store, ids: readonly string[]): Promise<RunLine[]> {
  const running = (await lockHolder(store))?.run;
  const lines = await Promise.all(
    ids.map((id) => describeRun(store, { id, keys: runKeys(id), unreported: id === running ? 'running' : 'none' })),
  );
  return lines.flatMap((line) => line ?? []);
}

interface ListedRun {
  readonly id: string;
  readonly keys: RunKeys;
  /** Its verdict where it has no report. */
  readonly unreported: 'running' | 'none';
}

/** A run in a line, `damaged` where it can't be read; undefined where there is none under these keys. */
export async function describeRun(store: Store, { id, keys, unreported }: ListedRun): Promise<RunLine | undefined> {
  try {
    const [run, plan, summary] = await Promise.all([
      jsonAt(store, keys.run, (value) => started.parse(value)),
      jsonAt(store, keys.plan, (value) => named.parse(value)),
      jsonAt(store, keys.file('summary.json'), (value) => judged.parse(value)),
    ]);
    if (run === undefined || plan === undefined) return undefined;
    const verdict = summary === undefined ? unreported : summary.partial === true ? 'partial' : summary.verdict;
    return { id, startedAt: run.startedAt, verdict, plan: plan.name };
  } catch (error) {
    if (!isDamaged(error)) throw error;
    return { id, plan: '', startedAt: '', verdict: 'damaged' };
  }
}

/** Ids of runs, names and ARNs of executions: nothing that could lead out of the store's folder. */
const NAME = /^[\w:-]+$/;

/**
 * The run that a person means by its id or by its execution; without either the one that is running, else the newest.
 * Undefined where nothing of the store is called so.
 */
export async function findRun(store: Store, wanted: string | undefined): Promise<string | undefined> {
  if (wanted === undefined) {
    const running = (await lockHolder(store))?.run;
    return running !== undefined && (await isStored(store, running)) ? running : (await runIds(store))[0];
  }
  if (!NAME.test(wanted)) return undefined;
  if (!wanted.includes(':') && (await isStored(store, wanted))) return wanted;
  return await runOf(store, wanted);
}

const isStored = async (store: Store, id: string): Promise<boolean> => (await store.get(runKeys(id).run)) !== undefined;

/** That there is no such run, with the nearest that there is. */
export async function noSuchRun(store: Store, wanted: string | undefined): Promise<PlimsollError> {
  if (wanted === undefined) return new PlimsollError('E-CLOUD-RUN-MISSING', 'There is no run yet.');
  const sentence = `There is no run ${wanted}${didYouMean(wanted, await runIds(store)) || '.'}`;
  return new PlimsollError('E-CLOUD-RUN-MISSING', sentence);
}

/** The report of a run that is over; undefined before. `summary.json` is written last. */
export async function storedReport(store: Store, id: string): Promise<Report | undefined> {
  const { file } = runKeys(id);
  if ((await store.get(file('summary.json'))) === undefined) return undefined;
  return await jsonAt(store, file('report.json'), (value) => z.custom<Report>(isReport).parse(value));
}
