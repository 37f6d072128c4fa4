import { SECONDS, databaseMetric, formula } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** The slower of mean read and write latency of the database's disk. gp3 answers in single-digit milliseconds (EBS User Guide). */
export const databaseLatency: Signal = {
  id: 'database.latency',
  title: 'Database disk latency',
  unit: 'us',
  kind: 'saturation',
  bottleneck: 'database.io',
  limit: { above: 20_000 },
  read: never,
  cloud: {
    reading: formula('MAX([read, write])', {
      read: databaseMetric('ReadLatency', 'Average', SECONDS),
      write: databaseMetric('WriteLatency', 'Average', SECONDS),
    }),
    drawn: { on: 'resources', graph: 'Database disk' },
    alarm: {
      id: 'database-latency',
      severity: 'notice',
      limit: { above: 20_000 },
      forMinutes: 5,
      ofMinutes: 5,
      missing: 'notBreaching',
      meaning: "The database's disk answers several times slower than it should; commits wait for it.",
      lookAt: [
        "Disk queue depth and IOPS against the volume's limit (resources dashboard).",
        'Buffer hit ratio: does the working set still fit into memory?',
        'Is a checkpoint, a vacuum or a backup running?',
      ],
    },
  },
};
