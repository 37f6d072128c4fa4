import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addWire, parseInterval } from '../../../lib/measure/codec.ts';
import { emptyInterval, type Interval } from '../../../lib/measure/interval.ts';
import { folderKeys } from '../../../lib/run/archive/keys.ts';
import type { Cost } from '../measured.ts';
import { invocationOf } from '../peers/plimsoll.ts';
import { inFolder } from '../runner.ts';

export interface MeasuredPhase {
  readonly interval: Interval;
  readonly cost: Cost;
}

interface Seconds {
  readonly from: number;
  readonly to: number;
}

/** Runs a plan of one phase with the command line and its `--output`s, and merges its seconds [from, to) out of its intervals. */
export async function measuredPhase(
  plan: object,
  seconds: Seconds,
  outputs: readonly string[] = [],
): Promise<MeasuredPhase> {
  return await inFolder(
    process.execPath,
    (folder) => invocationOf(plan, folder, outputs),
    async (_, cost, folder) => ({
      interval: mergeLines(
        await readFile(join(folder, 'plimsoll', folderKeys.phase(0).intervals(0, 0)), 'utf8'),
        seconds,
      ),
      cost,
    }),
  );
}

/** As bin/plimsoll.js has it. */
const COMPILED = fileURLToPath(new URL('../../../node_modules/.cache/plimsoll', import.meta.url));
const GENERATOR = fileURLToPath(new URL('generator-process.ts', import.meta.url));

/** The same with the generator's process alone. */
export async function measuredGenerator(plan: object, seconds: Seconds): Promise<MeasuredPhase> {
  return await inFolder(
    process.execPath,
    (folder) => ({
      // A thread of the command line has this from loadgen/thread/generator.ts.
      argv: ['--max-semi-space-size=4', GENERATOR, join(folder, 'plan.json')],
      files: { 'plan.json': JSON.stringify(plan) },
      env: { NODE_COMPILE_CACHE: COMPILED },
    }),
    (report, cost) => ({ interval: mergeLines(report, seconds), cost }),
  );
}

function mergeLines(text: string, { from, to }: Seconds): Interval {
  const sum = emptyInterval();
  for (const line of text.trim().split('\n')) {
    const wire = parseInterval(JSON.parse(line));
    if (wire.second >= from && wire.second < to) addWire(sum, wire);
  }
  return sum;
}
