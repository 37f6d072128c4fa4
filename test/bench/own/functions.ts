import { median } from '../figures.ts';
import { FunctionBundles, zippedBytes } from '../../system/function-bundles.ts';
import type { OwnRow } from './row.ts';

/** The first import of a folder reads it from the disk, which Lambda's own does too, but not this one's. */
const IMPORTS = 9;
const MOST_MS = 250;
const MOST_KB = 1000;

/** The four functions of the workflow: how large each is as it is sent, and how long its first import takes here. */
export async function functionsRow(): Promise<OwnRow> {
  using bundles = FunctionBundles.synthesised();
  const kB = bundles.assets.map((asset) => zippedBytes(asset) / 1000);
  const ms = bundles.assets.map((asset) => median(Array.from({ length: IMPORTS }, () => importMs(bundles, asset))));
  const [mostKB, mostMs] = [Math.max(...kB), Math.max(...ms)];
  return {
    name: 'the four functions: bundle zipped, and import in a new process (median of nine)',
    measured: `${range(kB)} kB; ${range(ms)} ms`,
    goal: `≤ ${MOST_KB} kB; ≤ ${MOST_MS} ms each`,
    holds: mostKB <= MOST_KB && mostMs <= MOST_MS,
    figures: { mostKB, mostMs },
  };
}

function importMs(bundles: FunctionBundles, asset: string): number {
  const { stdout, stderr } = bundles.run(asset, 'console.log(importMs); process.exit();');
  if (stderr !== '') throw new Error(stderr);
  return Number(stdout);
}

const range = (all: readonly number[]): string => `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)}`;
