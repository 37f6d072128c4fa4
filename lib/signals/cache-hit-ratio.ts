import { cacheMetric, formula } from './cloudwatch/cloud.ts';
import { plus, rate, ratio } from './scrape/read.ts';
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
  cloud: {
    reading: formula('hits / (hits + misses)', {
      hits: cacheMetric('CacheHits', 'Sum'),
      misses: cacheMetric('CacheMisses', 'Sum'),
    }),
    drawn: { on: 'resources', graph: 'Cache hit ratio' },
    alarm: {
      id: 'cache-hit-ratio',
      severity: 'notice',
      limit: { below: 0.8 },
      forMinutes: 10,
      ofMinutes: 15,
      missing: 'notBreaching',
      meaning: 'More than one look-up in five misses the cache (R21): the database does work that it should be spared.',
      lookAt: [
        'Was the cache emptied or failed over just before? Then it warms up by itself.',
        'Evictions: does what is read still fit (cache-memory)?',
        'Did a deployment change key names or times to live (R111)?',
      ],
    },
  },
};
