import { type Hypothesis, READS_UNCACHED } from '../hypothesis.ts';
import { crossed, gone, seen } from '../facts.ts';

/** The cache does not answer. */
export const cacheOutage: Hypothesis = {
  name: 'cache-outage',
  accuses: 'cache.outage',
  weigh: (facts) => {
    const silent = gone(facts, 'cache.', 0.75, 'The cache');
    const own = [
      ...seen(facts, 'cache.down', ({ meanNow }) => (meanNow > 0.4 ? 0.9 : meanNow > 0.1 ? 0.6 : -0.8)),
      ...seen(facts, 'cache.errors', ({ now, worst }) => (now > 0.5 ? 0.6 : worst > 0.5 ? 0.3 : 0)),
      ...silent,
      // It is asked, and answers.
      ...seen(facts, 'cache.lookups', ({ now }) =>
        now > 0.5 && silent.length === 0 && !facts.readings.has('cache.down') ? -0.6 : 0,
      ),
    ];
    return [...own, ...crossed(facts, 'cache.outage', own)];
  },
  causes: ['cache-misses', ...READS_UNCACHED, 'downstream-errors', 'refusals'],
  remedy: () =>
    'Restore the cache, and give its client a short time-out and a circuit breaker, so that a request does without it at once; until then the database carries its reads as well.',
  seldomRead: true,
  decidedBy: ['cache.down', 'cache.errors'],
};
