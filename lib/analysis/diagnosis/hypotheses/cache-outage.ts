import { type Hypothesis, READS_UNCACHED } from '../hypothesis.ts';
import { crossed, met, seen } from '../facts.ts';

/** The cache does not answer. */
export const cacheOutage: Hypothesis = {
  name: 'cache-outage',
  accuses: 'cache.outage',
  weigh: (facts) => {
    const { readings } = facts;
    const own = [
      ...seen(facts, 'cache.down', ({ meanNow }) => (meanNow > 0.4 ? 0.9 : meanNow > 0.1 ? 0.6 : -0.8)),
      ...seen(facts, 'cache.errors', ({ now, worst }) => (now > 0.5 ? 0.6 : worst > 0.5 ? 0.3 : 0)),
      ...met(silent(readings) ? 0.5 : 0, 'the cache gave no figures any more'),
    ];
    return [...own, ...crossed(facts, 'cache.outage', own)];
  },
  causes: ['cache-misses', ...READS_UNCACHED, 'downstream-errors', 'refusals'],
  remedy: () =>
    'Restore the cache, and give its client a short time-out and a circuit breaker, so that a request does without it at once; until then the database carries its reads as well.',
  seldomRead: true,
  decidedBy: ['cache.down', 'cache.errors'],
};

const silent = (readings: ReadonlyMap<string, unknown>): boolean =>
  readings.has('cache.down') &&
  !readings.has('cache.memory') &&
  !readings.has('cache.hit-ratio') &&
  !readings.has('cache.lookups');
