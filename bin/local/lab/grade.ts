import { readFile, rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { RunFolder } from '../../../lib/adapters/node/run-folder.ts';
import { type LabFault, parametersOf } from '../../../lib/lab/catalogue.ts';
import type { LabResult } from '../../../lib/lab/grade.ts';
import { recordFixture } from './fixtures.ts';
import { type LabRun, runExperiment } from './run.ts';

/** What one run of a grade came to, beside its report: a grade that was interrupted goes on from these. */
const RESULT_FILE = 'lab-result.json';

interface StoredResult {
  readonly format: 'plimsoll.lab-result.v1';
  readonly parameters: Readonly<Record<string, number>>;
  readonly result: LabResult;
}

/** One run of a grade. */
export interface GradedRun {
  readonly fault: LabFault;
  /** Of the run, by its number. */
  readonly folder: string;
  /** Where what the analysis reads of it goes as well. */
  readonly fixture?: string;
  /** Take the result that lies in the folder, if it is of the same parameters and not void. */
  readonly resume: boolean;
  readonly signal: AbortSignal;
}

/** Runs the experiment, or takes what an earlier grade has measured of it. @throws PlimsollError as a run, E-OUT */
export async function gradedRun(
  { fault, folder, fixture, resume, signal }: GradedRun,
  run: (experiment: LabRun) => Promise<LabResult> = runExperiment,
): Promise<{ readonly result: LabResult; readonly measuredBefore: boolean }> {
  const parameters = parametersOf(fault, []);
  const before = resume ? await storedResult(folder, parameters) : undefined;
  const result = before ?? (await measured({ fault, parameters, folder, signal }, run));
  if (fixture !== undefined) await recordFixture(folder, fixture, result);
  return { result, measuredBefore: before !== undefined };
}

async function measured(experiment: LabRun, run: (experiment: LabRun) => Promise<LabResult>): Promise<LabResult> {
  const { folder, parameters } = experiment;
  // A run that is broken off must not be taken for the one before it.
  await rm(join(folder, RESULT_FILE), { force: true });
  const result = await run(experiment);
  const stored: StoredResult = { format: 'plimsoll.lab-result.v1', parameters, result };
  await RunFolder.rewrite(folder, new Map([[RESULT_FILE, `${JSON.stringify(stored)}\n`]]));
  return result;
}

async function storedResult(folder: string, parameters: StoredResult['parameters']): Promise<LabResult | undefined> {
  const text = await readFile(join(folder, RESULT_FILE), 'utf8').catch(() => '{}');
  const { format, result, parameters: of } = JSON.parse(text) as Partial<StoredResult>;
  const usable = format === 'plimsoll.lab-result.v1' && isDeepStrictEqual(of, parameters);
  return usable && result?.voidReasons.length === 0 ? result : undefined;
}
