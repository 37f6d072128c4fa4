import { gauge } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Requests that wait for a connection. A few for an instant are normal; a queue at every reading is saturation. */
export const databasePoolWaiting: Signal = {
  id: 'database.pool-waiting',
  title: 'Waiting for the pool',
  unit: 'count',
  kind: 'saturation',
  bottleneck: 'database.connections',
  limit: { above: 5 },
  read: gauge('db_pool_waiting'),
};
