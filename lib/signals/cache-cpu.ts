import { PERCENT, cacheMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** CPU of the engine's one command thread; AWS advises 90 % as the limit (ElastiCache User Guide, "Which metrics should I monitor?"). */
export const cacheCpu: Signal = {
  id: 'cache.cpu',
  title: 'Cache engine CPU',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'cache.outage',
  limit: { above: 0.9 },
  read: never,
  cloud: {
    reading: cacheMetric('EngineCPUUtilization', 'Maximum', PERCENT),
    drawn: { on: 'resources', graph: 'Cache CPU' },
    alarm: {
      id: 'cache-cpu',
      severity: 'notice',
      limit: { above: 0.9 },
      forMinutes: 5,
      ofMinutes: 5,
      missing: 'missing',
      meaning: "The cache's one command thread is busy; every look-up of every task waits in line.",
      lookAt: [
        'Slow log: which commands take long? KEYS and large SMEMBERS are the usual ones.',
        'One hot key? Then a local cache of a second helps more than a larger node.',
        'Reads to the replicas, or the next node type.',
      ],
    },
  },
};
