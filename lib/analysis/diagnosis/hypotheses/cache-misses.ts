import { type Hypothesis, READS_UNCACHED } from '../hypothesis.ts';
import { meanNowOf, met, nowOf, seen, partAt, unread, type Facts } from '../facts.ts';
import { sessionsWait } from '../places.ts';
import { describeShape } from '../shape.ts';

/** Where only its instance is watched: half of its CPU is work that counts. */
const databaseCpu = (facts: Facts): number => ((nowOf(facts, 'database.cpu') ?? 0) > 0.5 ? 0.5 : 0);

/** Where less of the requests' time is spent after the cache, misses cost little. */
const COSTS = 0.2;

/** Look-ups a second of a cache that is used; a share of them says that there are some. */
const ASKED = 5;

/** Each miss is answered by a statement or a few: the database does something else where it runs this many times as many. */
const FAR_MORE = 20;

interface Hits {
  readonly fell: boolean;
  readonly low: boolean;
  /** It finds nothing at all, though it is asked. */
  readonly useless: boolean;
  readonly fills: boolean;
}

function hitsOf(facts: Facts): Hits {
  const hits = facts.readings.get('cache.hit-ratio');
  if (hits === undefined) return { fell: false, low: false, useless: false, fills: false };
  const { now, calm = now } = hits;
  return {
    fell: calm - now > 0.15,
    low: now < 0.5,
    useless: now < 0.03 && (nowOf(facts, 'cache.lookups') ?? ASKED) >= ASKED,
    fills: now > calm + 0.05,
  };
}

/** A cold cache, and one that is of no use, miss as well; they hurt where what stands after the cache is what takes the time. */
function costsOf(facts: Facts): number {
  const waits = unread(facts, 'database.lock-waits') && sessionsWait(facts.readings);
  // Who waits for the pool of a database that has nothing to do does not wait for what was missed.
  if ((meanNowOf(facts, 'database.active') ?? 1) <= 0.2) return databaseCpu(facts);
  return Math.max(partAt(facts, 'statements') * (waits ? 0.3 : 1), partAt(facts, 'pool'), databaseCpu(facts));
}

/** The database does something else than to answer what was missed. */
function isBusyElsewhere(facts: Facts): boolean {
  const missed = (nowOf(facts, 'cache.lookups') ?? Number.NaN) * (1 - (nowOf(facts, 'cache.hit-ratio') ?? 0));
  return (nowOf(facts, 'database.statement-rate') ?? 0) > FAR_MORE * missed;
}

/** Of steps that read one object by its key, which is what a cache answers, none is slow or fails. */
function sparesKeys({ shape: { hurt, spared } }: Facts): boolean {
  return spared.some(({ keyed }) => keyed) && !hurt.some(({ keyed }) => keyed);
}

function weightOf({ fell, low, useless, fills }: Hits): number {
  if (fell) return 0.7;
  if (useless) return 0.6;
  return fills ? -0.5 : low ? 0.25 : 0;
}

/** What was to be found in the cache is fetched or computed anew. */
export const cacheMisses: Hypothesis = {
  name: 'cache-misses',
  accuses: 'cache.misses',
  weigh: (facts) => {
    const [hits, costs] = [hitsOf(facts), costsOf(facts)];
    const cheap = costs < COSTS || isBusyElsewhere(facts);
    const { now, calm } = facts.client;
    const onlyFails = now.failedRatio > 0.02 && calm !== undefined && now.meanUs < 1.5 * calm.meanUs;
    return [
      ...seen(facts, 'cache.hit-ratio', (ratio) => (ratio.now > 0.8 ? -0.85 : cheap ? -0.5 : weightOf(hits))),
      ...seen(
        facts,
        'database.active',
        () => ((hits.fell || hits.useless) && !cheap ? 0.6 * costs : 0),
        'Statements under way, which the cache should spare',
      ),
      ...seen(facts, 'cache.lookups', (lookups) =>
        lookups.now < 1 ? -0.6 : lookups.now < 0.2 * now.endedPerSecond ? -0.3 : 0,
      ),
      // A cache that is cold finds nothing either, and no user waits for that.
      ...met(
        !hits.fell && sparesKeys(facts) ? -0.7 : 0,
        `what reads by a key is as quick as ever: ${describeShape(facts.shape)}`,
      ),
      ...met(onlyFails ? -0.6 : 0, 'requests fail, and take no longer'),
    ];
  },
  causes: READS_UNCACHED,
  remedy: () =>
    'Lengthen the time to live and let it vary by chance so that keys do not expire together; let one request refill a key while the others wait for it; fill the cache before the peak, and check that keys repeat at all.',
  decidedBy: ['cache.hit-ratio'],
};
