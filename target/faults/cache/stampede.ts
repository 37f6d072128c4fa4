import { decimal, type Fault, valueOf } from '../fault.ts';
import { costlyMisses, recomputing } from './misses.ts';

export const cacheStampede: Fault = {
  name: 'cache-stampede',
  title: 'All values expire at once, and every reader computes them again',
  bottleneck: 'cache.misses',
  // Each miss holds a connection while it computes.
  alsoRight: ['database.connections'],
  parameters: { every: decimal(0.5, 0.1, 60), ...recomputing },
  begin: async (bench, values) => {
    const { cache, database } = bench.services;
    const generation = (): number => Math.floor(performance.now() / (valueOf(values, 'every') * 1_000));
    const named = (key: string): string => `${key}:${generation()}`;
    const expiring = {
      ...cache,
      get: (key: string) => cache.get(named(key)),
      set: (key: string, value: string, ttlSeconds: number) => cache.set(named(key), value, ttlSeconds),
      drop: (key: string) => cache.drop(named(key)),
    };
    return bench.replace('cache', costlyMisses(expiring, database, valueOf(values, 'recompute_ms')));
  },
};
