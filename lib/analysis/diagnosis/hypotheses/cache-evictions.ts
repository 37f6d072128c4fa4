import { type Hypothesis, READS_UNCACHED } from '../hypothesis.ts';
import { crossed, seen } from '../facts.ts';

/** The cache is too small for what is read, and throws out what is still wanted. */
export const cacheEvictions: Hypothesis = {
  name: 'cache-evictions',
  accuses: 'cache.evictions',
  weigh: (facts) => {
    const often = Math.max(2, 0.02 * facts.client.now.endedPerSecond);
    const evicted = facts.readings.get('cache.evictions')?.meanNow ?? 0;
    const own = [
      ...seen(facts, 'cache.evictions', () => (evicted > often ? 0.65 : -0.95)),
      ...seen(facts, 'cache.hit-ratio', ({ now }) => (evicted > often && now < 0.8 ? 0.5 : now > 0.9 ? -0.6 : 0)),
    ];
    return [...own, ...crossed(facts, 'cache.evictions', own)];
  },
  causes: ['cache-misses', ...READS_UNCACHED],
  remedy: () =>
    'Raise maxmemory, or store less and for a shorter time (allkeys-lfu retains what is read often); evictions under load turn into database reads.',
  decidedBy: ['cache.evictions'],
};
