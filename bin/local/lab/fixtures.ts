import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, PlimsollError } from '../../../lib/errors.ts';
import type { LabResult } from '../../../lib/lab/grade.ts';
import { folderKeys } from '../../../lib/run/archive/keys.ts';

/** What a run's report can be made of again. Logs and reports stay behind. */
const NEEDED = [folderKeys.plan, folderKeys.run, folderKeys.signals, folderKeys.phasesPrefix];

/** Copies of a run's folder what the analysis reads, and the label beside it (`label.json`). @throws PlimsollError E-OUT */
export async function recordFixture(run: string, fixture: string, { fault, label }: LabResult): Promise<void> {
  try {
    await rm(fixture, { recursive: true, force: true });
    await mkdir(fixture, { recursive: true });
    for (const name of NEEDED) await cp(join(run, name), join(fixture, name), { recursive: true });
    await writeFile(join(fixture, 'label.json'), JSON.stringify({ format: 'plimsoll.lab.v1', fault, label }));
  } catch (error) {
    throw new PlimsollError(
      'E-OUT',
      `${basename(run)} can't be recorded in ${fixture}: ${messageOf(error)}.`,
      [],
      error,
    );
  }
}
