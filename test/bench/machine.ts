import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { pinned } from './cores.ts';

/** What the figures hang on beside the programmes. */
export interface Machine {
  readonly date: string;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly placing: string;
}

export const machine = (): Machine => ({
  date: new Date().toISOString().slice(0, 10),
  system: `${distribution()}${type()} ${release().split('-')[0]}`,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.versions.node,
  placing: pinned
    ? 'each generator pinned to the first core, the server to the last (taskset)'
    : 'nothing pinned: there is no taskset, or only one core',
});

function distribution(): string {
  try {
    const name = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return name === undefined ? '' : `${name}, `;
  } catch {
    return '';
  }
}

/** Others at work on the machine: a figure taken while this is above the number of cores is worth less. */
export const loadAverage = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;
