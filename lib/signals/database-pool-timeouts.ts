import { rate } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Requests that waited for a connection in vain. */
export const databasePoolTimeouts: Signal = {
  id: 'database.pool-timeouts',
  title: 'Pool time-outs',
  unit: 'perSecond',
  kind: 'errors',
  bottleneck: 'database.connections',
  limit: { above: 0 },
  read: rate('db_pool_timeouts_total'),
};
