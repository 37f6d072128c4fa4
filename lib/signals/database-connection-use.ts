import { gauge, ratio } from './read.ts';
import type { Signal } from './signal.ts';

/** Sessions against max_connections; at 1 the next one is refused (53300). */
export const databaseConnectionUse: Signal = {
  id: 'database.connection-use',
  title: 'Database connections used',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'database.connections',
  limit: { above: 0.9 },
  read: ratio(gauge('pg_connections'), gauge('pg_max_connections')),
};
