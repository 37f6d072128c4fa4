import { formatBytes } from '../../../units.ts';
import { isHalfEmpty } from '../heap.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { crossed, met, seen, type Facts } from '../facts.ts';
import type { SignalReading } from '../readings.ts';

const LEAST_GROWTH_BYTES = 80e6;
/** What a request leaves in memory, where nothing leaks, is next to nothing. */
const LEAK_BYTES = 40_000;

/** A leak takes its part of each request from the first one on; of what it takes later at least this. */
const EARLY = 0.3;

/** Bytes by which resident memory grew, and how many of these a request; undefined where it is not read. */
export function growthOf({
  readings,
  moments,
  client,
}: Facts): { bytes: number; eachBytes: number; steady: boolean; lateOnly: boolean } | undefined {
  const memory = readings.get('service.resident-memory');
  if (memory === undefined) return undefined;
  const points = memory.points.filter(([at]) => at <= moments.trouble.toSeconds);
  const [first, middle, last] = [points[1] ?? points[0], points[Math.floor(points.length / 2)], points.at(-1)];
  if (first === undefined || middle === undefined || last === undefined) return undefined;
  const bytes = last[1] - first[1];
  const eachBytes = bytes / Math.max(1, moments.endedUntil);
  const { calm } = moments;
  const before = calm && memory.points.findLast(([at]) => at <= calm.toSeconds);
  const served = (client.calm?.endedPerSecond ?? 0) * ((calm?.toSeconds ?? 0) - (calm?.fromSeconds ?? 0));
  const lateOnly = moments.broken && before !== undefined && before[1] - first[1] < EARLY * eachBytes * served;
  return { bytes, eachBytes, steady: last[1] - middle[1] > 0.25 * bytes, lateOnly };
}

/** A heap that is this full after a collection, and by so much fuller than at first, and was on its way before. */
const HEAP = { full: 0.7, grown: 0.4, early: 0.2 } as const;

/** Runtimes with a heap of their own say how much of it is left after a collection; what is there then is held by something. */
function heapFills({ points }: SignalReading, untilSeconds: number): boolean {
  const read = points.filter(([at]) => at <= untilSeconds).map(([, value]) => value);
  const [first, middle, last] = [read[0], read[Math.floor(read.length / 2)], read.at(-1)];
  if (first === undefined || middle === undefined || last === undefined) return false;
  const grown = last - first;
  return last > HEAP.full && grown > HEAP.grown && middle - first > HEAP.early * grown;
}

const restarted = ({ points }: SignalReading): boolean => (points.at(-1)?.[1] ?? 0) - (points[0]?.[1] ?? 0) > 2;

/** Memory grows with each request and is not given back, or the process was killed for want of it. */
export const memory: Hypothesis = {
  name: 'memory',
  accuses: 'service.memory',
  weigh: (facts) => {
    const growth = growthOf(facts);
    const grows =
      growth !== undefined && growth.bytes > LEAST_GROWTH_BYTES && growth.eachBytes > LEAK_BYTES && growth.steady;
    const leaks = grows && !isHalfEmpty(facts.readings.get('service.heap')?.points);
    const text = `resident memory grew by ${formatBytes(growth?.bytes ?? 0)}, ${formatBytes(growth?.eachBytes ?? 0)} a request`;
    // What waits takes memory as well, from the moment on that requests pile up.
    const piles = growth?.lateOnly === true;
    const own = [
      ...met(leaks ? (piles ? 0.4 : 0.6) : 0, text),
      ...seen(facts, 'service.resident-memory', () =>
        leaks ? 0.3 : growth !== undefined && growth.bytes < LEAST_GROWTH_BYTES ? -0.6 : 0,
      ),
      ...seen(facts, 'service.heap', (reading) => (heapFills(reading, facts.moments.trouble.toSeconds) ? 0.65 : 0)),
      ...seen(facts, 'service.started', (reading) => (restarted(reading) ? 0.45 : 0), 'The process was started anew'),
    ];
    return [...own, ...crossed(facts, 'service.memory', own)];
  },
  causes: ['service-cpu', 'event-loop', 'worker-pool', 'garbage-collection', 'refusals'],
  remedy: () =>
    'Take two heap snapshots under load and compare what grew (tracemalloc, pprof -inuse_space, --heapsnapshot-signal); raise the limit only if nothing leaks.',
  seldomRead: true,
  decidedBy: ['service.resident-memory', 'service.memory'],
};
