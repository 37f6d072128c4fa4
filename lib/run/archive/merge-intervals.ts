import { addCounts, reconcile } from '../../measure/reconcile.ts';
import { parseInterval, type IntervalWire } from '../../measure/codec.ts';
import { emptyInterval } from '../../measure/interval.ts';
import type { MeasurementBuilder } from '../../measure/measurement.ts';
import type { PhaseKeys } from './keys.ts';
import { textAt, type Store } from './store.ts';

/**
 * Reads what the workers of a phase have stored into the builder, second by second, a few chunks of each worker in
 * memory: forty workers and three hours take no more of it than one worker and a minute. `lost` workers' books are closed, by
 * the arrivals that the plan had for each. Returns the last second of any worker; −1 where there is none.
 */
export async function mergeIntervals(
  store: Store,
  keys: PhaseKeys,
  { workers, lost }: { workers: number; lost: ReadonlyMap<number, number | undefined> },
  builder: MeasurementBuilder,
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
  }
  for (const [worker, dueByPlan] of lost) {
    builder.add(Math.max(0, last), reconcile(recorded.get(worker) ?? emptyInterval(), dueByPlan));
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
  for await (const chunk of chunksOf(store, `${keys.intervalsPrefix}${worker}/`)) {
    const lines = chunk.split('\n');
    const last = lines.pop() ?? '';
    // A last line without an end was being written when its writer was killed.
    for (const line of isJson(last) ? [...lines, last] : lines) yield parseInterval(JSON.parse(line));
  }
}

/** A store far away answers in tens of milliseconds: one chunk after another, three hours of forty workers took minutes. */
const CHUNKS_AHEAD = 8;

/** While one chunk is read the next ones are on their way. */
async function* chunksOf(store: Store, prefix: string): AsyncGenerator<string, void> {
  const ahead: Promise<string | undefined>[] = [];
  for await (const key of store.list(prefix)) {
    const chunk = textAt(store, key);
    // It is awaited some rounds later; until then its failure is nobody's unhandled one.
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
