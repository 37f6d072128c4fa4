import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import type { ResultFile } from '../../lib/adapters/node/result-file.ts';
import type { PhaseOutcome } from '../../lib/analysis/outcome.ts';
import { windowOf } from '../../lib/analysis/outcome.ts';
import { judgePhase } from '../../lib/analysis/phase.ts';
import { analyse } from '../../lib/analysis/index.ts';
import { importedRun, type ImportedRun, withArrivals } from '../../lib/importers/building/run.ts';
import type { Imported } from '../../lib/importers/reading/importer.ts';
import type { Provenance } from '../../lib/measure/provenance.ts';
import { buildReport } from '../../lib/report/build.ts';
import type { Report } from '../../lib/report/report.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { measurePhase } from '../../lib/run/archive/measure-phase.ts';
import { storePhase } from '../../lib/run/archive/phase-files.ts';
import { type StoredRun, storeRun } from '../../lib/run/archive/run-record.ts';
import { signals } from '../../lib/signals/index.ts';
import { version } from '../version.ts';

/** Files that are one run, the first of which lends it its name. */
export interface ImportedFiles {
  readonly imported: Imported;
  readonly files: readonly (Pick<ResultFile, 'bytes' | 'sha256' | 'collected'> & { readonly name: string })[];
}

/** Where the file names no target. */
const NO_TARGET = 'not said';

/** Stores an imported result in a run's folder, under the keys of every run, and returns its report. */
export async function storeImported(folder: string, id: string, { imported, files }: ImportedFiles): Promise<Report> {
  const [first] = files;
  if (first === undefined) throw new RangeError('a run is made of one file at the least');
  const run = importedRun(imported, first.collected, first.name);
  const startedAtMs = run.startedAtMs ?? Date.now();
  const target = imported.target !== undefined && URL.canParse(imported.target) ? imported.target : undefined;
  const stored = storedRun(run, { id, startedAtMs, target, sha256: first.sha256, streams: first.collected.streams });
  const store = new FolderStore(folder);
  await storeRun(store, stored);
  const outcome = await outcomeOf(store, stored, run, startedAtMs);
  const provenance: Provenance = {
    ...run.provenance,
    files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
  return reportOf(stored, outcome, provenance, target ?? NO_TARGET);
}

interface Facts {
  readonly id: string;
  readonly startedAtMs: number;
  readonly target: string | undefined;
  readonly sha256: string;
  readonly streams: number;
}

const storedRun = ({ plan }: ImportedRun, { id, startedAtMs, target, sha256, streams }: Facts): StoredRun => ({
  keys: folderKeys,
  plan,
  facts: {
    id,
    startedAt: new Date(startedAtMs).toISOString(),
    environment: 'imported',
    target: target ?? 'urn:not-said',
    execution: 'local',
    planSha256: sha256,
    workers: streams,
  },
});

/** The intervals lie in the folder already where the file holds single requests. */
async function outcomeOf(
  store: FolderStore,
  stored: StoredRun,
  { phase, given, measurement, seconds, arrivals }: ImportedRun,
  startedAtMs: number,
): Promise<PhaseOutcome> {
  const keys = folderKeys.phase(0);
  await storePhase(store, keys, { phase, handedOut: 1, passed: 1, stopped: false });
  await store.put(keys.start, JSON.stringify({ startAtMs: startedAtMs }));
  for (let worker = 0; worker < stored.facts.workers; worker += 1) await store.put(keys.end(worker), '{}');
  const outcome = { phase, startedAtMs, ranSeconds: seconds, given };
  if (measurement !== undefined) return { ...outcome, measurement };
  const merged = await measurePhase(store, stored, { number: 0, brokenOff: false });
  if (merged === undefined) throw new RangeError('the phase that was stored is not there');
  return { ...outcome, measurement: withArrivals(merged.measurement, arrivals) };
}

function reportOf(stored: StoredRun, outcome: PhaseOutcome, imported: Provenance, target: string): Report {
  const { facts, plan } = stored;
  const { startedAtMs, ranSeconds } = outcome;
  const phases = [judgePhase(plan, outcome, windowOf(outcome, startedAtMs, []))];
  const analysed = { plan, startedAtMs, outcomes: [outcome], phases, interrupted: false, signals, series: [] };
  const endedAt = new Date(startedAtMs + (Number.isFinite(ranSeconds) ? ranSeconds * 1000 : 0)).toISOString();
  return buildReport({
    ...analysed,
    run: { id: facts.id, startedAt: facts.startedAt, endedAt, version },
    planSha256: facts.planSha256,
    target,
    findings: analyse(analysed),
    statements: [],
    configuration: [],
    doubts: [],
    imported,
  });
}
