import type { Hypothesis } from '../hypothesis.ts';
import { crossed, grewBy, held, seen, partAt, unread } from '../facts.ts';
import { sessionsWait } from '../places.ts';

/** Statements take long, or longer than while all was well. */
export const slowStatements: Hypothesis = {
  name: 'slow-statements',
  accuses: 'database.statements',
  weigh: (facts) => {
    // Without a word on locks: what is under way and needs no CPU waits for them, or for its client.
    const waits = unread(facts, 'database.lock-waits') && sessionsWait(facts.readings);
    const locks = waits ? 0.5 : partAt(facts, 'locks');
    const own = [
      ...held(
        facts,
        'statements',
        (share, { now }) => (share < 0.15 ? -0.7 : now < 0.5 ? 0 : 0.85 * Math.max(0, share - locks)),
        'Statements take',
      ),
      ...seen(facts, 'database.statement-time', (reading) =>
        reading.now > 20_000 && grewBy(reading, 2000) > 3 ? 0.4 : 0,
      ),
    ];
    return [...own, ...crossed(facts, 'database.statements', own)];
  },
  causes: ['connection-pool', 'connection-leak', 'worker-pool', 'database-cpu'],
  remedy: () => 'Take the slowest statements below, and read their plans with EXPLAIN (ANALYZE, BUFFERS).',
  decidedBy: ['database.active', 'database.statement-time'],
};
