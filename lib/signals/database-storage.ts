import { databaseMetric, formula, quantity } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Free storage against what was allocated at first. Storage autoscaling begins at 10 %, and not twice within six hours. */
export const databaseStorage: Signal = {
  id: 'database.storage',
  title: 'Database storage free',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'database.io',
  limit: { below: 0.15 },
  read: never,
  cloud: {
    reading: formula('free / allocated', {
      free: databaseMetric('FreeStorageSpace', 'Minimum'),
      allocated: quantity('databaseStorageBytes'),
    }),
    drawn: { on: 'resources', graph: 'Database storage' },
    alarm: {
      id: 'database-storage',
      severity: 'notice',
      limit: { below: 0.15 },
      forMinutes: 5,
      ofMinutes: 5,
      missing: 'missing',
      meaning: "The database's disk is filling up; a full disk stops every write.",
      lookAt: [
        "Which table grew? Compare pg_total_relation_size with yesterday's.",
        'Is a replication slot or a long transaction holding WAL back?',
        'Has storage autoscaling reached maxStorageGiB? Raise it in the configuration.',
      ],
    },
  },
};
