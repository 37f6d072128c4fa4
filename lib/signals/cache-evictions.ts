import { rate } from './read.ts';
import type { Signal } from './signal.ts';

/** Keys thrown out for want of memory. */
export const cacheEvictions: Signal = {
  id: 'cache.evictions',
  title: 'Cache evictions',
  unit: 'perSecond',
  kind: 'saturation',
  bottleneck: 'cache.evictions',
  limit: { above: 10 },
  read: rate('cache_evicted_keys'),
};
