import { SECONDS, replicaMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** How far reads from the replica are behind. */
export const databaseReplicaLag: Signal = {
  id: 'database.replica-lag',
  title: 'Replica lag',
  unit: 'us',
  kind: 'saturation',
  bottleneck: 'database.io',
  limit: { above: 30_000_000 },
  read: never,
  cloud: {
    reading: replicaMetric('ReplicaLag', 'Maximum', SECONDS),
    drawn: { on: 'resources', graph: 'Replica lag' },
    alarm: {
      id: 'replica-lag',
      severity: 'notice',
      limit: { above: 30_000_000 },
      forMinutes: 5,
      ofMinutes: 5,
      missing: 'missing',
      meaning: "Reads from the replica are half a minute old or older; users don't see what they just wrote.",
      lookAt: [
        'Is a long query on the replica holding replay back?',
        'Did a bulk write run on the primary?',
        "Is the replica's class smaller than the primary's, and its CPU at the limit?",
      ],
    },
  },
};
