import { type Hypothesis, READS_UNCACHED } from '../hypothesis.ts';
import { meanNowOf, nowOf, seen, partAt, type Facts } from '../facts.ts';

/** Where only its instance is watched: half of its CPU is work that counts. */
const databaseCpu = (facts: Facts): number => ((nowOf(facts, 'database.cpu') ?? 0) > 0.5 ? 0.5 : 0);

/** A queue in front of a database that does next to nothing is not made by reads. */
const poolOfBusy = (facts: Facts): number =>
  (meanNowOf(facts, 'database.active') ?? 1) < 0.5 ? 0 : partAt(facts, 'pool');

/** Each miss is answered by a statement or a few: the database does something else where it runs this many times as many. */
const FAR_MORE = 20;

/** What was to be found in the cache is fetched or computed anew. */
export const cacheMisses: Hypothesis = {
  name: 'cache-misses',
  accuses: 'cache.misses',
  weigh: (facts) => {
    const hits = facts.readings.get('cache.hit-ratio');
    const fell = hits?.calm !== undefined && hits.calm - hits.now > 0.15;
    const low = hits !== undefined && hits.now < 0.5;
    // A cache that fills finds more and more; one that is of no use finds nothing.
    const useless = hits !== undefined && hits.now < 0.03 && (nowOf(facts, 'cache.lookups') ?? 0) > 5;
    const fills = hits?.calm !== undefined && hits.now > hits.calm + 0.05;
    const missed = (nowOf(facts, 'cache.lookups') ?? Number.NaN) * (1 - (hits?.now ?? 0));
    const elsewhere = (nowOf(facts, 'database.statement-rate') ?? 0) > FAR_MORE * missed;
    // A cold cache, and one that is of no use, miss as well; they hurt where what stands after the cache is what takes the time.
    const costs = Math.max(partAt(facts, 'statements'), poolOfBusy(facts), databaseCpu(facts));
    return [
      ...seen(facts, 'cache.hit-ratio', ({ now }) =>
        now > 0.8
          ? -0.85
          : costs < 0.25 || elsewhere
            ? -0.5
            : fell
              ? 0.7
              : useless
                ? 0.6
                : fills
                  ? -0.5
                  : low
                    ? 0.25
                    : 0,
      ),
      ...seen(
        facts,
        'database.active',
        () => ((fell || useless) && costs > 0.25 && !elsewhere ? 0.6 * costs : 0),
        'Statements under way, which the cache should spare',
      ),
      ...seen(facts, 'cache.lookups', ({ now }) =>
        now < 1 ? -0.6 : now < 0.2 * facts.client.now.endedPerSecond ? -0.3 : 0,
      ),
    ];
  },
  causes: READS_UNCACHED,
  remedy: () =>
    'Lengthen the time to live and let it vary by chance so that keys do not expire together; let one request refill a key while the others wait for it; fill the cache before the peak, and check that keys repeat at all.',
  decidedBy: ['cache.hit-ratio'],
};
