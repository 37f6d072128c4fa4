import { fileURLToPath } from 'node:url';
import { numberAt } from '../peers/peer.ts';
import { resultOf } from './memory.ts';
import type { OwnRow } from './row.ts';

const COLLECTOR = fileURLToPath(new URL('collector-process.ts', import.meta.url));
const TASKS = 20;
const MOST_SHARE = 0.02;

/** One reading a second of twenty tasks, each of which says 42 kB. */
export async function collectorRow(seconds: number): Promise<OwnRow> {
  const result = await resultOf([COLLECTOR, `${seconds}`, `${TASKS}`]);
  const share = numberAt(result, 'coreShare') ?? Number.NaN;
  const rssMB = (numberAt(result, 'rssBytes') ?? Number.NaN) / 1e6;
  return {
    name: `the collector beside ${TASKS} tasks, once a second`,
    measured: `${(share * 100).toFixed(1)} % of a core; ${rssMB.toFixed(0)} MB`,
    goal: `≤ ${MOST_SHARE * 100} % of a core`,
    holds: share <= MOST_SHARE,
    figures: { share, rssMB },
  };
}
