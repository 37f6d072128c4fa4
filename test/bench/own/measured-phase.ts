import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeInterval, parseInterval } from '../../../lib/measure/codec.ts';
import { merge, type Interval } from '../../../lib/measure/interval.ts';
import type { Cost } from '../measured.ts';
import { invocationOf } from '../peers/plimsoll.ts';
import { inFolder } from '../runner.ts';

export interface MeasuredPhase {
  readonly interval: Interval;
  readonly seconds: number;
  readonly cost: Cost;
}

/** Runs a plan of one phase, and merges its seconds [from, to) out of its `intervals.ndjson`. */
export async function measuredPhase(plan: object, from: number, to: number): Promise<MeasuredPhase> {
  return await inFolder(
    process.execPath,
    (folder) => invocationOf(plan, folder),
    async (_, cost, folder) => {
      const text = await readFile(join(folder, 'plimsoll', 'intervals.ndjson'), 'utf8');
      const wires = text
        .trim()
        .split('\n')
        .map((line) => parseInterval(JSON.parse(line)));
      const wanted = wires.filter(({ second }) => second >= from && second < to);
      return { interval: merge(wanted.map(decodeInterval)), seconds: to - from, cost };
    },
  );
}
