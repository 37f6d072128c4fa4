import { z } from 'zod';
import { PlimsollError } from '../../errors.ts';
import { didYouMean } from '../../plan/suggest.ts';
import type { Report } from '../../report/report.ts';
import type { Summary } from '../../report/summary.ts';
import { runKeys } from '../keys.ts';
import { textAt, type Store } from '../store.ts';
import { runOf } from './kept-run.ts';
import { lockHolder } from './lock.ts';

/** One pointer a run: the runs themselves hold ten thousands of keys each. See kept-run.ts. */
const POINTERS = 'executions/';

const pointer = z.object({ run: z.string() });
const named = z.object({ name: z.string() });

/** Ids of all runs, the newest first: they begin with the time. */
export async function runIds(store: Store): Promise<string[]> {
  const texts: Promise<string | undefined>[] = [];
  for await (const key of store.list(POINTERS)) texts.push(textAt(store, key));
  const ids = (await Promise.all(texts)).flatMap((text) =>
    text === undefined ? [] : pointer.parse(JSON.parse(text)).run,
  );
  return ids.toSorted((a, b) => (a < b ? 1 : -1));
}

export interface RunLine {
  readonly id: string;
  readonly plan: string;
  readonly startedAt: string;
  /** `running` while it holds the lock, `none` where it left no report. */
  readonly verdict: Summary['verdict'] | 'running' | 'partial' | 'none';
}

/** These runs, each in a line. One that is partly gone already is left out. */
export async function describeRuns(store: Store, ids: readonly string[]): Promise<RunLine[]> {
  const running = (await lockHolder(store))?.run;
  const lines = await Promise.all(ids.map((id) => describeRun(store, id, running)));
  return lines.flatMap((line) => line ?? []);
}

async function describeRun(store: Store, id: string, running: string | undefined): Promise<RunLine | undefined> {
  const keys = runKeys(id);
  const [run, plan, summary] = await Promise.all([
    textAt(store, keys.run),
    textAt(store, keys.plan),
    textAt(store, keys.file('summary.json')),
  ]);
  if (run === undefined || plan === undefined) return undefined;
  const { startedAt } = z.object({ startedAt: z.string() }).parse(JSON.parse(run));
  const told = summary === undefined ? undefined : (JSON.parse(summary) as Summary);
  const unreported = id === running ? 'running' : 'none';
  const verdict = told === undefined ? unreported : told.partial === true ? 'partial' : told.verdict;
  return { id, startedAt, verdict, plan: named.parse(JSON.parse(plan)).name };
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
    return running !== undefined && (await isKept(store, running)) ? running : (await runIds(store))[0];
  }
  if (!NAME.test(wanted)) return undefined;
  if (!wanted.includes(':') && (await isKept(store, wanted))) return wanted;
  return await runOf(store, wanted);
}

const isKept = async (store: Store, id: string): Promise<boolean> => (await store.get(runKeys(id).run)) !== undefined;

/** That there is no such run, with the nearest that there is. */
export async function noSuchRun(store: Store, wanted: string | undefined): Promise<PlimsollError> {
  if (wanted === undefined) return new PlimsollError('E-CLOUD-RUN-MISSING', 'There is no run yet.');
  const sentence = `There is no run ${wanted}${didYouMean(wanted, await runIds(store)) || '.'}`;
  return new PlimsollError('E-CLOUD-RUN-MISSING', sentence);
}

/** The report of a run that is over; undefined before. `summary.json` is written last. */
export async function keptReport(store: Store, id: string): Promise<Report | undefined> {
  const { file } = runKeys(id);
  if ((await store.get(file('summary.json'))) === undefined) return undefined;
  const value: unknown = JSON.parse((await textAt(store, file('report.json'))) ?? 'null');
  if (isReport(value)) return value;
  throw new PlimsollError('E-CLOUD-RUN-MISSING', `${id} holds a report that this version can't read.`);
}

/** It was written by us; its format's name and version stand for the rest. */
const isReport = (value: unknown): value is Report =>
  typeof value === 'object' && value !== null && 'format' in value && value.format === 'plimsoll.report.v1';
