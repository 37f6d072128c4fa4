import { cacheMetric, formula } from './cloudwatch/cloud.ts';
import { rate } from './scrape/read.ts';
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
  cloud: {
    reading: formula('n / PERIOD(n)', { n: cacheMetric('Evictions', 'Sum') }),
    drawn: { on: 'resources', graph: 'Cache evictions' },
    alarm: {
      id: 'cache-evictions',
      severity: 'notice',
      limit: { above: 10 },
      forMinutes: 5,
      ofMinutes: 5,
      missing: 'notBreaching',
      meaning: 'The cache throws keys out to make room; those that are still wanted come back as database queries.',
      lookAt: [
        'Cache memory: is it at its limit because of growth, or because of one large key?',
        'Times to live: is anything stored for ever?',
        'The next node type, if hit ratio falls as well.',
      ],
    },
  },
};
