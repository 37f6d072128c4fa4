import { gauge, rate, ratio, times } from './scrape.ts';
import type { Signal } from './signal.ts';

/** The service's pool of database connections, as the service sees it. */
export const pool: readonly Signal[] = [
  /** Connections of the service's pool that are lent out, against the pool's size. */
  {
    id: 'database.pool-use',
    title: 'Database pool in use',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'database.connections',
    limit: { above: 0.95 },
    read: ratio(gauge('db_pool_connections', { state: 'active' }), gauge('db_pool_max')),
  },
  /** Requests that wait for a connection. A few for an instant are normal; a queue at every reading is saturation. */
  {
    id: 'database.pool-waiting',
    title: 'Waiting for the pool',
    unit: 'count',
    kind: 'saturation',
    accuses: 'database.connections',
    limit: { above: 5 },
    read: gauge('db_pool_waiting'),
  },
  /** Requests that waited for a connection in vain. */
  {
    id: 'database.pool-timeouts',
    title: 'Pool time-outs',
    unit: 'perSecond',
    kind: 'errors',
    accuses: 'database.connections',
    limit: { above: 0 },
    read: rate('db_pool_timeouts_total'),
  },
];

/** The downstream service, as the service sees it. */
export const downstream: readonly Signal[] = [
  /** Mean duration of calls to the downstream service; half a second is all that a caller's own p99 objective allows. */
  {
    id: 'downstream.time',
    title: 'Downstream time, mean',
    unit: 'us',
    kind: 'saturation',
    accuses: 'downstream.latency',
    limit: { above: 500_000 },
    read: times(
      1e6,
      ratio(rate('downstream_request_duration_seconds_sum'), rate('downstream_request_duration_seconds_count')),
    ),
  },
];
