import type { PhaseOutcome } from '../../analysis/outcome.ts';
import { MeasurementBuilder } from '../../measure/measurement.ts';
import { dueByPlan, phaseSeed } from '../../plan/plan.ts';
import type { PhaseKeys } from './keys.ts';
import { phaseAt, startedAtMs, workerEnd, type WorkerEnd } from './phase-files.ts';
import type { Store } from './store.ts';
import type { StoredRun } from './run-record.ts';
import { mergeIntervals } from './merge-intervals.ts';

/** Which phase to put together, by its number, and whether it was broken off, so that workers end early without having been lost. */
export interface PhaseOf {
  readonly number: number;
  readonly brokenOff: boolean;
  /** What the workflow knows of workers that ended badly, by worker. */
  readonly failures?: ReadonlyMap<number, string>;
}

/** A phase as its workers stored it; undefined where none was started. */
export async function measurePhase(
  store: Store,
  { keys: run, facts, plan }: StoredRun,
  { number, brokenOff, failures = new Map() }: PhaseOf,
): Promise<PhaseOutcome | undefined> {
  const keys = run.phase(number);
  const phase = (await phaseAt(store, keys))?.phase;
  const startMs = await startedAtMs(store, keys);
  if (phase === undefined || startMs === undefined) return undefined;
  const { workers } = facts;
  const ends = await endsOf(store, keys, workers);
  const reasons = lostWorkers(ends, failures, brokenOff);
  // Of a broken-off phase nobody awaits the rest.
  const due = (worker: number) =>
    brokenOff ? undefined : dueByPlan(phase, phaseSeed(plan, number), { index: worker, of: workers });
  const lost = new Map(Array.from(reasons.keys(), (worker) => [worker, due(worker)]));
  const plannedSeconds = phase.durationUs / 1e6;
  const builder = new MeasurementBuilder(plannedSeconds);
  const last = await mergeIntervals(store, keys, { workers, lost }, builder);
  const ranSeconds = brokenOff ? Math.min(plannedSeconds, last + 1) : plannedSeconds;
  const sentences = Array.from(reasons, ([worker, reason]) => `worker ${worker}: ${reason}`);
  return {
    phase,
    startedAtMs: startMs,
    ranSeconds,
    measurement: builder.build(),
    ...(sentences.length > 0 && { lost: sentences.join('; ') }),
  };
}

/** The last words of every worker; undefined of one that was killed, or never began. */
const endsOf = async (store: Store, keys: PhaseKeys, workers: number): Promise<(WorkerEnd | undefined)[]> =>
  await Promise.all(Array.from({ length: workers }, (_, worker) => workerEnd(store, keys, worker)));

/** Why each of the workers that did not end in order was lost. A broken-off phase is one in which all were stopped. */
function lostWorkers(
  ends: readonly (WorkerEnd | undefined)[],
  failures: ReadonlyMap<number, string>,
  brokenOff: boolean,
): ReadonlyMap<number, string> {
  const lost = new Map<number, string>();
  for (const [worker, end] of ends.entries()) {
    const reason = end === undefined ? (failures.get(worker) ?? 'it left no last word') : end.lost;
    if (reason !== undefined && (end === undefined || !brokenOff)) lost.set(worker, reason);
  }
  return lost;
}
