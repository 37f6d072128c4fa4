import { formatRatio } from '../../../units.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { crossed, held, meanNowOf, met, seen, unread } from '../facts.ts';
import { sessionsWait } from '../places.ts';

/** Sessions wait for a row or table that another one holds. */
export const lockContention: Hypothesis = {
  name: 'lock-contention',
  accuses: 'database.locks',
  weigh: (facts) => {
    const waiting = meanNowOf(facts, 'database.lock-waits') ?? 0;
    const sessions = Math.max(
      waiting,
      meanNowOf(facts, 'database.active') ?? 0,
      (meanNowOf(facts, 'database.connections') ?? 1) - 1,
    );
    const ofSessions = waiting / Math.max(1, sessions);
    const own = [
      ...held(facts, 'locks', (share, { now }) => (now < 0.5 ? -0.9 : 0.3 + 0.65 * share), 'Waiting for locks takes'),
      ...met(
        waiting >= 1 && ofSessions > 0.35 ? 0.8 : 0,
        `${formatRatio(ofSessions)} of the database's sessions waited for a lock`,
      ),
      ...seen(
        facts,
        'database.active',
        () => (unread(facts, 'database.lock-waits') && sessionsWait(facts.readings) ? 0.35 : 0),
        'Statements under way, while the database computes next to nothing',
      ),
      ...seen(facts, 'database.deadlocks', ({ worst }) => (worst > 0 ? 0.4 : 0)),
    ];
    return [...own, ...crossed(facts, 'database.locks', own)];
  },
  causes: ['cache-misses', 'connection-pool', 'slow-statements', 'worker-pool', 'connection-leak'],
  remedy: ({ shape }) =>
    `Find the blocking statements (pg_blocking_pids, pg_locks); touch the contended row last in its transaction, or spread it over several${shape.hurt[0] === undefined ? '' : `, beginning with ${shape.hurt[0].name}`}; lock fewer rows, in one order, for a shorter time.`,
  decidedBy: ['database.lock-waits'],
};
