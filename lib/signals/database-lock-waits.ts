import { gauge } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Sessions that wait for a lock another one holds. */
export const databaseLockWaits: Signal = {
  id: 'database.lock-waits',
  title: 'Sessions waiting for locks',
  unit: 'count',
  kind: 'saturation',
  bottleneck: 'database.locks',
  limit: { above: 3 },
  read: gauge('pg_lock_waits'),
};
