import { rate } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Look-ups that failed, as the service counts them. */
export const cacheErrors: Signal = {
  id: 'cache.errors',
  title: 'Cache errors',
  unit: 'perSecond',
  kind: 'errors',
  bottleneck: 'cache.outage',
  limit: { above: 0 },
  read: rate('cache_errors_total'),
};
