import { rate } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Transactions that PostgreSQL ended to break a deadlock. */
export const databaseDeadlocks: Signal = {
  id: 'database.deadlocks',
  title: 'Deadlocks',
  unit: 'perSecond',
  kind: 'errors',
  bottleneck: 'database.locks',
  limit: { above: 0 },
  read: rate('pg_deadlocks'),
};
