import { databaseMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Memory that the database instance could still give away. */
export const databaseMemory: Signal = {
  id: 'database.free-memory',
  title: 'Database memory free',
  unit: 'bytes',
  kind: 'utilisation',
  bottleneck: 'database.io',
  read: never,
  cloud: {
    reading: databaseMetric('FreeableMemory', 'Minimum'),
    drawn: { on: 'resources', graph: 'Database memory' },
  },
};
