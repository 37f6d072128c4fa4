import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Report } from '../../../lib/report/report.ts';
import { folderKeys } from '../../../lib/run/archive/keys.ts';
import type { SignalSeries } from '../../../lib/signals/signal.ts';
import { reportFrom } from '../report/recorded-report.ts';

const FOLDER = join(import.meta.dirname, 'recorded');
const fileOf = (fault: string): string => join(FOLDER, `${fault}.json.gz`);

/** The files of a run's folder, by their path in it. */
type Files = Readonly<Record<string, string>>;

/** A run of the lab as it was recorded, and the signals that were read meanwhile. */
export interface RecordedExperiment {
  readonly report: Report;
  readonly series: readonly SignalSeries[];
}

const known = new Map<string, Promise<RecordedExperiment>>();

/** Read once, since histograms take their time to unpack. */
export function recordedExperiment(fault: string): Promise<RecordedExperiment> {
  const experiment = known.get(fault) ?? read(fault);
  known.set(fault, experiment);
  return experiment;
}

async function read(fault: string): Promise<RecordedExperiment> {
  const files = JSON.parse(gunzipSync(readFileSync(fileOf(fault))).toString()) as Files;
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-recorded-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const series = JSON.parse(files[folderKeys.signals] ?? '[]') as readonly SignalSeries[];
    return { report: await reportFrom(folder), series };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps a run that `plimsoll lab grade --record` has written. */
export function keepExperiment(fault: string, folder: string): void {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  const files = Object.fromEntries(paths.toSorted().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(fault), gzipSync(JSON.stringify(files), { level: 9 }));
}
