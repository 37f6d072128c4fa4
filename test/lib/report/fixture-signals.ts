import type { PhaseTimeline } from '../../../lib/report/report.ts';
import type { SignalSeries, Statement } from '../../../lib/signals/signal.ts';

/** From how full the service is (0 idle, 1 at its capacity), how many wait, and the seconds since the run's start. */
type Read = (fullness: number, queued: number, at: number) => number;

type Told = Omit<SignalSeries, 'points'> & { readonly read: Read };

const above = (limit: number): { limit: { above: number } } => ({ limit: { above: limit } });

const service: readonly Told[] = [
  {
    id: 'service.cpu',
    title: 'CPU',
    unit: 'ratio',
    kind: 'utilisation',
    ...above(0.8),
    read: (full) => 0.05 + 0.56 * full,
  },
  {
    id: 'service.memory',
    title: 'Resident memory',
    unit: 'bytes',
    kind: 'utilisation',
    ...above(5.12e8),
    read: (_, queued, at) => 9.2e7 + at * 6e4 + queued * 9e3,
  },
  {
    id: 'service.event-loop',
    title: 'Event-loop delay, p99',
    unit: 'us',
    kind: 'saturation',
    ...above(50_000),
    read: (full) => 900 + 11_000 * full ** 4,
  },
];

const database: readonly Told[] = [
  {
    id: 'database.connections',
    title: 'Connections in use',
    unit: 'ratio',
    kind: 'utilisation',
    ...above(0.9),
    read: (full) => full,
  },
  {
    id: 'database.wait',
    title: 'Wait for a connection',
    unit: 'us',
    kind: 'saturation',
    ...above(10_000),
    read: (_, queued) => 40 + queued * 1500,
  },
  { id: 'database.commits', title: 'Commits', unit: 'perSecond', kind: 'traffic', read: (full) => 640 * full },
];

const others: readonly Told[] = [
  {
    id: 'cache.hits',
    title: 'Hit ratio',
    unit: 'ratio',
    kind: 'utilisation',
    limit: { below: 0.8 },
    read: (_, __, at) => 0.97 - 0.3 * Math.exp(-at / 5),
  },
  {
    id: 'cache.evictions',
    title: 'Evictions',
    unit: 'perSecond',
    kind: 'saturation',
    ...above(1),
    read: () => 0,
  },
  {
    id: 'downstream.errors',
    title: 'Failed calls',
    unit: 'perSecond',
    kind: 'errors',
    read: (full) => (full >= 1 ? 3.2 : 0),
  },
];

/** What the system would have said of itself, had it been loaded as `timeline` tells. */
export function signalsOver(timeline: readonly PhaseTimeline[]): readonly SignalSeries[] {
  const moments = timeline.flatMap(({ startSeconds, points }) =>
    points.map((point) => ({
      at: startSeconds + point.atSeconds,
      full: point.users > 600 ? 1 : Math.min(1, point.offeredPerSecond / 640),
      queued: Math.max(0, point.users - 20),
    })),
  );
  return [...service, ...database, ...others].map(({ read, ...rest }) =>
    Object.assign(rest, { points: moments.map(({ at, full, queued }) => [at, read(full, queued, at)] as const) }),
  );
}

export const statements: readonly Statement[] = [
  {
    text: 'SELECT id, job_id, amount, created_at FROM bids WHERE job_id = $1 ORDER BY created_at DESC LIMIT $2',
    calls: 18_412,
    meanUs: 11_200,
    totalUs: 206_214_400,
  },
  {
    text: 'INSERT INTO bids (job_id, bidder_id, amount) VALUES ($1, $2, $3) RETURNING id',
    calls: 3108,
    meanUs: 14_100,
    totalUs: 43_822_800,
  },
  { text: 'SELECT * FROM jobs WHERE status = $1 LIMIT $2', calls: 21_077, meanUs: 1840, totalUs: 38_781_680 },
];
