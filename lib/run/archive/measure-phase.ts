import { measuredFor } from '../../analysis/capacity/phases.ts';
import { AbortWatch } from '../../analysis/abort.ts';
import type { PhaseAbort, PhaseOutcome } from '../../analysis/outcome.ts';
import { parseInterval, type IntervalWire } from '../../measure/codec.ts';
import { emptyInterval } from '../../measure/interval.ts';
import { MeasurementBuilder } from '../../measure/measurement.ts';
import { addCounts, reconcile } from '../../measure/reconcile.ts';
import { dueByPlan, phaseSeed } from '../../plan/plan.ts';
import type { PhaseKeys } from './keys.ts';
import { phaseAt, startedAtMs, workerEnd, type WorkerEnd } from './phase-files.ts';
import type { StoredRun } from './run-record.ts';
import { readJson, textAt, type Store } from './store.ts';

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
  // The rest of a phase that was broken off is not expected from any worker.
  const due = (worker: number) =>
    brokenOff ? undefined : dueByPlan(phase, phaseSeed(plan, number), { index: worker, of: workers });
  const lost = new Map(Array.from(reasons.keys(), (worker) => [worker, due(worker)]));
  const plannedSeconds = phase.durationUs / 1e6;
  const builder = new MeasurementBuilder(plannedSeconds, measuredFor(phase, plan));
  const watch = new AbortWatch(phase.abortOn);
  let aborted: PhaseAbort | undefined;
  const watched: Parameters<typeof mergeIntervals>[3] = {
    add: (second, interval) => builder.add(second, interval),
    addWire: (second, interval) => builder.addWire(second, interval),
    complete: (second) => {
      const readings = builder.complete(second);
      aborted ??= watch.after(second, readings);
      return readings;
    },
  };
  const last = await mergeIntervals(store, keys, { workers, lost }, watched);
  const ranSeconds = brokenOff ? Math.min(plannedSeconds, last + 1) : plannedSeconds;
  const sentences = Array.from(reasons, ([worker, reason]) => `worker ${worker}: ${reason}`);
  return {
    phase,
    startedAtMs: startMs,
    ranSeconds,
    measurement: builder.build(),
    ...(sentences.length > 0 && { lost: sentences.join('; ') }),
    ...(aborted && { aborted }),
  };
}

/** The end file of every worker; undefined of one that was killed, or never began. */
const endsOf = async (store: Store, keys: PhaseKeys, workers: number): Promise<(WorkerEnd | undefined)[]> =>
  await Promise.all(Array.from({ length: workers }, (_, worker) => workerEnd(store, keys, worker)));

/** Why each of the workers that did not end by plan was lost. A broken-off phase is one in which all were stopped. */
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

/**
 * Reads what the workers of a phase have stored into the builder, second by second, a few chunks of each worker in
 * memory: forty workers and three hours take no more of it than one worker and a minute. The ledgers of `lost` workers are closed
 * with the arrivals that the plan had for each. Returns the last second of any worker; −1 where there is none.
 */
export async function mergeIntervals(
  store: Store,
  keys: PhaseKeys,
  { workers, lost }: { workers: number; lost: ReadonlyMap<number, number | undefined> },
  builder: Pick<MeasurementBuilder, 'add' | 'addWire'> & { complete?(second: number): unknown },
): Promise<number> {
  const recorded = new Map(Array.from(lost.keys(), (worker) => [worker, emptyInterval()]));
  const streams = Array.from({ length: workers }, (_, worker) => intervalsOf(store, keys, worker));
  let last = -1;
  for await (const second of secondsOf(streams)) {
    for (const wire of second.intervals) {
      const ofLost = recorded.get(wire.worker);
      if (ofLost !== undefined) addCounts(ofLost, wire);
      builder.addWire(second.second, wire);
    }
    last = second.second;
    builder.complete?.(last);
  }
  for (const [worker, due] of lost) {
    builder.add(Math.max(0, last), reconcile(recorded.get(worker) ?? emptyInterval(), due));
  }
  return last;
}

interface Second {
  readonly second: number;
  readonly intervals: readonly IntervalWire[];
}

/** All workers' intervals, one second after another. The workers' next chunks are fetched at the same time. */
async function* secondsOf(streams: readonly AsyncGenerator<IntervalWire, void>[]): AsyncGenerator<Second, void> {
  const heads = await Promise.all(streams.map((stream) => stream.next()));
  for (;;) {
    const second = Math.min(
      ...heads.map((head) => (head.done === true ? Number.POSITIVE_INFINITY : head.value.second)),
    );
    if (second === Number.POSITIVE_INFINITY) return;
    const intervals: IntervalWire[] = [];
    await Promise.all(
      streams.map(async (stream, at) => {
        let head = heads[at];
        // A phase's end cuts a second in two, so a worker may have one twice.
        while (head !== undefined && head.done !== true && head.value.second <= second) {
          intervals.push(head.value);
          heads[at] = head = await stream.next();
        }
      }),
    );
    yield { second, intervals };
  }
}

async function* intervalsOf(store: Store, keys: PhaseKeys, worker: number): AsyncGenerator<IntervalWire, void> {
  const prefix = `${keys.intervalsPrefix}${worker}/`;
  for await (const chunk of chunksOf(store, prefix)) {
    const lines = chunk.split('\n');
    const last = lines.pop() ?? '';
    // A last line without an end was being written when its writer was killed.
    for (const line of isJson(last) ? [...lines, last] : lines) yield readJson(prefix, line, parseInterval);
  }
}

/** A store far away answers in tens of milliseconds: one chunk after another, three hours of forty workers took minutes. */
const CHUNKS_AHEAD = 8;

/** While one chunk is read the next ones are on their way. */
async function* chunksOf(store: Store, prefix: string): AsyncGenerator<string, void> {
  const ahead: Promise<string | undefined>[] = [];
  for await (const key of store.list(prefix)) {
    const chunk = textAt(store, key);
    // It is awaited some rounds later; until then a failure must not count as an unhandled rejection.
    chunk.catch(() => undefined);
    if (ahead.push(chunk) > CHUNKS_AHEAD) yield (await ahead.shift()) ?? '';
  }
  for (const chunk of ahead) yield (await chunk) ?? '';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
