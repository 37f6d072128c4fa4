import { databaseMetric, formula, quantity } from './cloudwatch/cloud.ts';
import { gauge, ratio } from './scrape/read.ts';
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
  cloud: {
    reading: formula('sessions / most', {
      sessions: databaseMetric('DatabaseConnections', 'Maximum'),
      most: quantity('maxConnections'),
    }),
    drawn: { on: 'resources', graph: 'Database connections used' },
    alarm: {
      id: 'database-connections',
      severity: 'notice',
      limit: { above: 0.9 },
      forMinutes: 3,
      ofMinutes: 5,
      missing: 'missing',
      meaning:
        'Nine of ten database connections are taken (R20); at the last one new tasks and migrations are refused.',
      lookAt: [
        'pg_stat_activity by state: idle in transaction is a leak.',
        'Tasks times pool size: did scaling out add pools beyond max_connections?',
        'Switch the RDS Proxy on in the configuration, or make the pool of a task smaller.',
      ],
    },
  },
};
