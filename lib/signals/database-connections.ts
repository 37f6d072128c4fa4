import { databaseMetric } from './cloudwatch/cloud.ts';
import { gauge } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Sessions of the database, of any client. */
export const databaseConnections: Signal = {
  id: 'database.connections',
  title: 'Database connections',
  unit: 'count',
  kind: 'utilisation',
  bottleneck: 'database.connections',
  read: gauge('pg_connections'),
  cloud: {
    reading: databaseMetric('DatabaseConnections', 'Maximum'),
    drawn: { on: 'resources', graph: 'Database connections' },
  },
};
