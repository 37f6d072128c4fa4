import { both, type Fault, valueOf } from '../fault.ts';
import { costlyMisses, recomputing } from './misses.ts';

export const cacheOutage: Fault = {
  name: 'cache-outage',
  title: 'The cache cannot be reached',
  bottleneck: 'cache.outage',
  parameters: recomputing,
  begin: async (bench, values) => {
    const { cache, database } = bench.services;
    const restore = bench.replace('cache', costlyMisses(cache, database, valueOf(values, 'recompute_ms')));
    await bench.cacheRelay.cut();
    return both(restore, () => bench.cacheRelay.mend());
  },
};
