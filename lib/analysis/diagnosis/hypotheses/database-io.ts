import type { Hypothesis } from '../hypothesis.ts';
import { crossed, meanNowOf, seen } from '../facts.ts';

/** The database waits for its disk. */
export const databaseIo: Hypothesis = {
  name: 'database-io',
  accuses: 'database.io',
  weigh: (facts) => {
    const active = Math.max(1, meanNowOf(facts, 'database.active') ?? 0);
    const own = [
      ...seen(facts, 'database.io-waits', ({ meanNow }) =>
        meanNow > 0.35 * active && meanNow > 0.7 ? 0.65 : meanNow < 0.1 ? -0.5 : 0,
      ),
      ...seen(facts, 'database.disk-queue', ({ now, calm = 0 }) => (now > 8 && now > 2 * calm ? 0.4 : 0)),
    ];
    return [...own, ...crossed(facts, 'database.io', own)];
  },
  causes: ['connection-pool', 'connection-leak', 'slow-statements', 'worker-pool'],
  remedy: () =>
    'Give the database the memory that its working set needs (shared buffers), or faster storage; look for statements that read whole tables first.',
  seldomRead: true,
  decidedBy: ['database.io-waits', 'database.latency'],
};
