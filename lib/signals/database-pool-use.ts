import { gauge, ratio } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Connections of the service's pool that are lent out, against the pool's size. */
export const databasePoolUse: Signal = {
  id: 'database.pool-use',
  title: 'Database pool in use',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'database.connections',
  limit: { above: 0.95 },
  read: ratio(gauge('db_pool_connections', { state: 'active' }), gauge('db_pool_max')),
};
