import { plus, rate, ratio } from './read.ts';
import type { Signal } from './signal.ts';

/** Look-ups that found their key. Below one half the cache costs more round trips than it saves. */
export const cacheHitRatio: Signal = {
  id: 'cache.hit-ratio',
  title: 'Cache hit ratio',
  unit: 'ratio',
  kind: 'saturation',
  bottleneck: 'cache.misses',
  limit: { below: 0.5 },
  read: ratio(rate('cache_keyspace_hits'), plus(rate('cache_keyspace_hits'), rate('cache_keyspace_misses'))),
};
