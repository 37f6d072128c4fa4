import { gauge, ratio } from './read.ts';
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
};
