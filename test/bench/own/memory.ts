import { fileURLToPath } from 'node:url';
import { inFolder } from '../runner.ts';
import { numberAt } from '../peers/peer.ts';
import type { OwnRow } from './row.ts';

const MERGE = fileURLToPath(new URL('merge-process.ts', import.meta.url));
const GATE_PROCESS = fileURLToPath(new URL('gate-process.ts', import.meta.url));
const SOAK = fileURLToPath(new URL('soak-process.ts', import.meta.url));
const MB = 1e6;

/** What a process of its own prints. */
export async function resultOf(argv: readonly string[]): Promise<unknown> {
  return await inFolder(
    process.execPath,
    () => ({ argv }),
    (report, cost) => {
      if (cost.exitCode !== 0) throw new Error(`${argv.join(' ')}: ${cost.stderr.slice(-400)}`);
      return JSON.parse(report) as unknown;
    },
  );
}

const WORKERS = 40;
const MERGED_SECONDS = 3 * 3600;

/** `share` of the seconds; below 1 the time is scaled up, which the row says. */
export async function mergeRow(share: number): Promise<OwnRow> {
  const seconds = Math.round(MERGED_SECONDS * share);
  const result = await resultOf([MERGE, `${WORKERS}`, `${seconds}`]);
  const took = (numberAt(result, 'seconds') ?? Number.NaN) / share;
  const peakMB = (numberAt(result, 'peakRssBytes') ?? Number.NaN) / MB;
  return {
    name: 'merge of 40 workers × 3 h of intervals',
    measured: `${took.toFixed(0)} s${share < 1 ? ` (${(share * 100).toFixed(0)} % of them, scaled up)` : ''}; ${peakMB.toFixed(0)} MB`,
    goal: '≤ 10 s; ≤ 256 MB',
    holds: took <= 10 && peakMB <= 256,
    figures: { took, peakMB, share, bytesPerLine: numberAt(result, 'bytesPerLine') ?? Number.NaN },
  };
}

/** What the workflow's gate has: lib/infra/load-test/load-test.ts. */
const GATE = { memoryMB: 1769 * 1.048576, seconds: 15 * 60 };

/** The same out of a store, chunk by chunk, as the workflow's gate does it. */
export async function gateRow(share: number): Promise<OwnRow> {
  const result = await resultOf([GATE_PROCESS, `${WORKERS}`, `${Math.round(MERGED_SECONDS * share)}`]);
  const took = (numberAt(result, 'seconds') ?? Number.NaN) / share;
  const peakMB = (numberAt(result, 'peakRssBytes') ?? Number.NaN) / MB;
  return {
    name: "the workflow's gate: 40 workers × 3 h, each chunk after 20 ms",
    measured: `${took.toFixed(0)} s${share < 1 ? ` (${(share * 100).toFixed(0)} % of them, scaled up)` : ''}; ${peakMB.toFixed(0)} MB`,
    goal: 'half of its 15 min; 70 % of its memory',
    holds: took <= GATE.seconds / 2 && peakMB <= GATE.memoryMB * 0.7,
    figures: { took, peakMB, share },
  };
}

const SOAK_PER_SECOND = 50;

/** A generator's thread has this from loadgen/thread/generator.ts; with Node's own size the young generation alone grows by 15 MB meanwhile. */
const YOUNG = '--max-semi-space-size=4';

export async function soakRow(hours: number): Promise<OwnRow> {
  const result = await resultOf(['--expose-gc', YOUNG, SOAK, `${hours}`, `${SOAK_PER_SECOND}`]);
  const at = (when: string, what: string): number => (numberAt(result, when, what) ?? Number.NaN) / MB;
  const figures = {
    hours,
    earlyHeapMB: at('early', 'heapBytes'),
    endHeapMB: at('end', 'heapBytes'),
    middleHeapMB: at('middle', 'heapBytes'),
    earlyRssMB: at('early', 'rssBytes'),
    middleRssMB: at('middle', 'rssBytes'),
    endRssMB: at('end', 'rssBytes'),
    seconds: numberAt(result, 'seconds') ?? Number.NaN,
  };
  const growth = figures.endRssMB / figures.earlyRssMB - 1;
  return {
    name: `soak, ${hours} h of intervals (time compressed)`,
    measured: `resident ${figures.earlyRssMB.toFixed(0)} → ${figures.middleRssMB.toFixed(0)} → ${figures.endRssMB.toFixed(0)} MB (${(growth * 100).toFixed(0)} %); alive ${figures.earlyHeapMB.toFixed(1)} → ${figures.middleHeapMB.toFixed(1)} → ${figures.endHeapMB.toFixed(1)} MB`,
    goal: 'memory at the end within 10 % of that after 10 min',
    holds: growth <= 0.1,
    figures: { ...figures, growth },
  };
}
