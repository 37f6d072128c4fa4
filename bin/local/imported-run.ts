import { createHash } from 'node:crypto';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import type { ResultFile } from '../../lib/adapters/node/result-file.ts';
import type { PhaseOutcome } from '../../lib/analysis/outcome.ts';
import { windowOf } from '../../lib/analysis/outcome.ts';
import { judgePhase, type PhaseFindings } from '../../lib/analysis/phase.ts';
import { analyse } from '../../lib/analysis/index.ts';
import { oneAfterAnother, planOfPhases } from '../../lib/importers/building/phases.ts';
import { type ImportedRun, withArrivals } from '../../lib/importers/building/run.ts';
import type { Provenance } from '../../lib/measure/provenance.ts';
import { buildReport } from '../../lib/report/build.ts';
import type { Report } from '../../lib/report/report.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { measurePhase } from '../../lib/run/archive/measure-phase.ts';
import { storePhase } from '../../lib/run/archive/phase-files.ts';
import { type StoredRun, storeRun } from '../../lib/run/archive/run-record.ts';
import { signals } from '../../lib/signals/index.ts';
import { version } from '../version.ts';

/** A phase of a run that other tools have measured, and the files that it comes from, the first of which stands for them. */
export interface PhaseFromFile {
  readonly run: ImportedRun;
  readonly target: string | undefined;
  readonly streams: number;
  readonly files: readonly (Pick<ResultFile, 'bytes' | 'sha256'> & { readonly name: string })[];
}

export type PhasesFromFiles = readonly [PhaseFromFile, ...PhaseFromFile[]];

/** Where the file names no target. */
const NO_TARGET = 'not said';

/** Stores imported results as the phases of one run in its folder, under the keys of every run, and returns its report. */
export async function storeImported(folder: string, id: string, phases: PhasesFromFiles): Promise<Report> {
  const now = Date.now();
  const starts = phases.map(({ run }) => run.startedAtMs ?? now);
  const stored = storedRun(phases, id, Math.min(...starts));
  const store = new FolderStore(folder);
  await storeRun(store, stored);
  const outcomes: PhaseOutcome[] = [];
  for (const [number, { run }] of phases.entries())
    outcomes.push(await outcomeOf(store, stored, { run, number, startedAtMs: starts[number] ?? now }));
  return reportOf(stored, outcomes, phases);
}

const targetsOf = (phases: PhasesFromFiles): readonly string[] => [
  ...new Set(phases.flatMap(({ target }) => (target !== undefined && URL.canParse(target) ? [target] : []))),
];

const storedRun = (phases: PhasesFromFiles, id: string, startedAtMs: number): StoredRun => {
  const [first, ...others] = phases;
  return {
    keys: folderKeys,
    plan: planOfPhases([first.run, ...others.map(({ run }) => run)]),
    facts: {
      id,
      startedAt: new Date(startedAtMs).toISOString(),
      environment: 'imported',
      target: targetsOf(phases)[0] ?? 'urn:not-said',
      execution: 'local',
      planSha256: sha256Of(phases),
      workers: Math.max(...phases.map(({ streams }) => streams)),
    },
  };
};

/** The file's own where there is one. */
function sha256Of(phases: PhasesFromFiles): string {
  const [first = '', ...others] = phases.flatMap(({ files }) => files[0]?.sha256 ?? []);
  if (others.length === 0) return first;
  return createHash('sha256')
    .update([first, ...others].join('\n'))
    .digest('hex');
}

interface Placed {
  readonly run: ImportedRun;
  readonly number: number;
  readonly startedAtMs: number;
}

/** The intervals lie in the folder already where the file holds single requests. */
async function outcomeOf(store: FolderStore, stored: StoredRun, placed: Placed): Promise<PhaseOutcome> {
  const { run, number, startedAtMs } = placed;
  const { phase, given, measurement, seconds, arrivals } = run;
  const keys = folderKeys.phase(number);
  await storePhase(store, keys, { phase, handedOut: number + 1, passed: number + 1, stopped: false });
  await store.put(keys.start, JSON.stringify({ startAtMs: startedAtMs }));
  for (let worker = 0; worker < stored.facts.workers; worker += 1) await store.put(keys.end(worker), '{}');
  const outcome = { phase, startedAtMs, ranSeconds: seconds, given };
  if (measurement !== undefined) return { ...outcome, measurement };
  const merged = await measurePhase(store, stored, { number, brokenOff: false });
  if (merged === undefined) throw new RangeError('the phase that was stored is not there');
  return { ...outcome, measurement: withArrivals(merged.measurement, arrivals) };
}

const provenanceOf = ({ run, files }: PhaseFromFile): Provenance => ({
  ...run.provenance,
  files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
});

function reportOf({ facts, plan }: StoredRun, outcomes: readonly PhaseOutcome[], imported: PhasesFromFiles): Report {
  const [first, ...others] = imported;
  const startedAtMs = Date.parse(facts.startedAt);
  const isOne = others.length === 0;
  const targets = targetsOf(imported);
  const judged = outcomes.map((outcome) => judgePhase(plan, outcome, windowOf(outcome, startedAtMs, [])));
  const phases = isOne ? judged : judged.map((phase, at) => withProvenance(phase, imported[at] ?? first));
  const analysed = {
    plan,
    startedAtMs,
    outcomes: oneAfterAnother(outcomes, startedAtMs),
    phases,
    interrupted: false,
    signals,
    series: [],
  };
  const ends = outcomes.map(
    (each) => each.startedAtMs + (Number.isFinite(each.ranSeconds) ? each.ranSeconds * 1000 : 0),
  );
  return buildReport({
    ...analysed,
    run: { id: facts.id, startedAt: facts.startedAt, endedAt: new Date(Math.max(...ends)).toISOString(), version },
    planSha256: facts.planSha256,
    target: targets.join(', ') || NO_TARGET,
    findings: analyse(analysed),
    statements: [],
    configuration: [],
    doubts: targets.length > 1 ? [`The files name different targets: ${targets.join(', ')}.`] : [],
    ...(isOne && { imported: provenanceOf(first) }),
  });
}

/** With its own scenario alone: what another file names was not asked of this one. */
function withProvenance(phase: PhaseFindings, imported: PhaseFromFile): PhaseFindings {
  const own = new Set(imported.run.plan.scenarios.map(({ name }) => name));
  return {
    ...phase,
    scenarios: phase.scenarios.filter(({ name }) => own.has(name)),
    imported: provenanceOf(imported),
  };
}
