import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { gradedRun } from '../../../../bin/local/lab/grade.ts';
import type { LabRun } from '../../../../bin/local/lab/run.ts';
import { labFaults, parseCatalogue, type LabFault } from '../../../../lib/lab/catalogue.ts';
import type { LabResult } from '../../../../lib/lab/grade.ts';
import { catalogue } from '../../../../target/faults/catalogue.ts';

const faults = labFaults(parseCatalogue(JSON.parse(JSON.stringify(catalogue())), 'target/faults'));
const slow = faults.find(({ name }) => name === 'slow') as LabFault;
const signal = new AbortController().signal;

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'plimsoll-grade-'))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** An experiment that leaves what one leaves, and counts how often it was run. */
function experiment(voidReasons: readonly string[] = []) {
  const counted = { times: 0 };
  const run = async ({ fault, folder: path }: LabRun): Promise<LabResult> => {
    counted.times += 1;
    await mkdir(join(path, 'phases'), { recursive: true });
    for (const name of ['plan.json', 'run.json', 'signals.json'])
      await writeFile(join(path, name), String(counted.times));
    const said = { said: fault.bottleneck, confidence: 'high', right: true, evidence: [], data: 'sound' } as const;
    return { fault: fault.name, label: fault.bottleneck, ...said, voidReasons };
  };
  return { counted, run };
}

const grade = (run: (experiment: LabRun) => Promise<LabResult>, resume: boolean, fault = slow) =>
  gradedRun({ fault, folder: join(folder, 'run'), fixture: join(folder, 'fixture'), resume, signal }, run);

test('what was measured is kept when the grade goes on, and recorded', async () => {
  const { counted, run } = experiment();
  const first = await grade(run, true);
  await rm(join(folder, 'fixture'), { recursive: true });
  const second = await grade(run, true);
  expect([first.measuredBefore, second.measuredBefore, counted.times]).toEqual([false, true, 1]);
  expect(second.result).toEqual(first.result);
  expect(await readFile(join(folder, 'fixture', 'run.json'), 'utf8')).toBe('1');
  // Without its plan nothing reads a run.
  expect((await readdir(join(folder, 'fixture'))).toSorted()).toEqual([
    'label.json',
    'phases',
    'plan.json',
    'run.json',
    'signals.json',
  ]);
});

test.each([
  ['without --resume', [], false, slow],
  ['where it was void', ['the generator was late'], true, slow],
  [
    'with other parameters',
    [],
    true,
    { ...slow, experiment: { ...slow.experiment, parameters: { delay: 2 } } } satisfies LabFault,
  ],
])('it is measured again %s', async (_, voidReasons, resume, again) => {
  const { counted, run } = experiment(voidReasons);
  await grade(run, resume);
  expect((await grade(run, resume, again)).measuredBefore).toBe(false);
  expect(counted.times).toBe(2);
});

test('a run that was broken off leaves no result, be it of the run before', async () => {
  const { counted, run } = experiment();
  await grade(run, false);
  await expect(grade(() => Promise.reject(new Error('stopped')), false)).rejects.toThrow('stopped');
  expect(existsSync(join(folder, 'run', 'lab-result.json'))).toBe(false);
  await grade(run, true);
  expect(counted.times).toBe(2);
});

test('a result of another kind is no result', async () => {
  const { counted, run } = experiment();
  await mkdir(join(folder, 'run'));
  await writeFile(join(folder, 'run', 'lab-result.json'), '{"format":"plimsoll.lab-result.v9"}');
  await grade(run, true);
  expect(counted.times).toBe(1);
});
