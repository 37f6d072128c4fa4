import { formatNumber } from '../../../units.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { crossed, held, meanNowOf, nowOf, seen, type Facts } from '../facts.ts';

/** So much of a pool in use is all of it, but for an instant. */
const FULL = 0.9;

/** Sessions of the database that serve a service, that which reads these figures aside. */
const sessionsOf = (facts: Facts): number => (nowOf(facts, 'database.connections') ?? 0) - 1;

/** All sessions at work while several times as many requests are under way: the rest queue in front of them. */
function allAtWork(facts: Facts): boolean {
  const busy = (meanNowOf(facts, 'database.active') ?? 0) + (meanNowOf(facts, 'database.idle-in-transaction') ?? 0);
  const sessions = sessionsOf(facts);
  return sessions >= 1 && busy >= 0.65 * sessions && facts.client.now.underWay >= 2 * sessions;
}

/** Requests wait until another gives its connection back. */
export const connectionPool: Hypothesis = {
  name: 'connection-pool',
  accuses: 'database.connections',
  weigh: (facts) => {
    const { client } = facts;
    const own = [
      ...held(
        facts,
        'pool',
        (share, { now }) => (share < 0.1 || now < 1 ? -0.6 : 0.25 + 0.65 * share),
        'Waiting for a connection of the pool takes',
      ),
      ...seen(facts, 'database.pool-use', ({ now, worst }) => (now >= FULL ? 0.5 : worst < 0.8 ? -0.8 : 0)),
      ...seen(
        facts,
        'database.active',
        () => (allAtWork(facts) ? 0.6 : 0),
        `Of ${formatNumber(sessionsOf(facts))} sessions, with ${formatNumber(client.now.underWay)} requests under way, those at work`,
      ),
    ];
    return [...own, ...crossed(facts, 'database.connections', own)];
  },
  causes: ['worker-pool', 'refusals'],
  remedy: () =>
    'Shorten what holds a connection first; then raise the pool (maximumPoolSize, SetMaxOpenConns, pool_size, max_size) within max_connections, or put a pooler between.',
  decidedBy: ['database.pool-use', 'database.pool-waiting', 'database.active'],
};
