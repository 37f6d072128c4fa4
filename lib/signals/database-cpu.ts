import { PERCENT, databaseMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** CPU of the database instance. R27 wants 70 % at most; beyond 80 % queueing multiplies every statement's time. */
export const databaseCpu: Signal = {
  id: 'database.cpu',
  title: 'Database CPU',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'database.cpu',
  limit: { above: 0.8 },
  read: never,
  cloud: {
    reading: databaseMetric('CPUUtilization', 'Average', PERCENT),
    drawn: { on: 'resources', graph: 'Database CPU' },
    alarm: {
      id: 'database-cpu',
      severity: 'notice',
      limit: { above: 0.8 },
      forMinutes: 5,
      ofMinutes: 5,
      missing: 'missing',
      meaning: 'The database has little CPU left; every statement takes longer, whatever the service does.',
      lookAt: [
        'Performance Insights: top SQL by load since the first minute.',
        'A new query plan or a missing index? pg_stat_statements by mean_exec_time.',
        'If the load is real: the next instance class (docs/architecture.md, vertical steps), or reads to a replica.',
      ],
    },
  },
};
