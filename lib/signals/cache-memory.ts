import { PERCENT, cacheMetric } from './cloudwatch/cloud.ts';
import { gauge, ratio } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Memory used against maxmemory. */
export const cacheMemory: Signal = {
  id: 'cache.memory',
  title: 'Cache memory',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'cache.evictions',
  limit: { above: 0.95 },
  read: ratio(gauge('cache_used_memory'), gauge('cache_maxmemory')),
  cloud: {
    reading: cacheMetric('DatabaseMemoryUsagePercentage', 'Maximum', PERCENT),
    drawn: { on: 'resources', graph: 'Cache memory' },
    alarm: {
      id: 'cache-memory',
      severity: 'notice',
      limit: { above: 0.9 },
      forMinutes: 10,
      ofMinutes: 10,
      missing: 'missing',
      meaning: 'The cache is nearly full; beyond this it evicts.',
      lookAt: [
        'Is it one of many nodes, or all of them?',
        'Which keys grew? Sample with SCAN and MEMORY USAGE, never with KEYS.',
        'Shorter times to live, or the next node type, before evictions begin.',
      ],
    },
  },
};
