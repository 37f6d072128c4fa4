import { databaseMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Reads and writes that wait for the disk. */
export const databaseDiskQueue: Signal = {
  id: 'database.disk-queue',
  title: 'Disk queue depth',
  unit: 'count',
  kind: 'saturation',
  bottleneck: 'database.io',
  read: never,
  cloud: {
    reading: databaseMetric('DiskQueueDepth', 'Average'),
    drawn: { on: 'resources', graph: 'Database disk queue' },
  },
};
