import { formatRatio } from '../../../units.ts';
import type { Observation } from '../evidence.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { held, meanNowOf, met, seen, partAt } from '../facts.ts';
import type { SignalReading } from '../readings.ts';

/** A pool of which no more than this is in use has nothing to give back. */
const GIVEN_BACK = 0.5;

/** What is given back once there is little to do did not leak: who held it was late, as a service is that waits for a core. */
function givenBack({ points, calm }: SignalReading): readonly Observation[] {
  const last = points.at(-1)?.[1] ?? 1;
  const isBack = calm !== undefined && last < Math.max(GIVEN_BACK, 2 * calm);
  return met(isBack ? -0.7 : 0, `all but ${formatRatio(last)} were given back in the end`);
}

/** Connections are lent out and never given back: all are in use, and the database has nothing to do. */
export const connectionLeak: Hypothesis = {
  name: 'connection-leak',
  accuses: 'database.connections',
  weigh: (facts) => {
    const [active, idle] = [meanNowOf(facts, 'database.active'), meanNowOf(facts, 'database.idle-in-transaction') ?? 0];
    const sessions = meanNowOf(facts, 'database.connections') ?? 0;
    const use = facts.readings.get('database.pool-use');
    // Without the database's word it is not known what those that hold connections do.
    const idles = active !== undefined && active + partAt(facts, 'locks') < 0.25 * Math.max(4, sessions);
    const last = use?.points.at(-1)?.[1] ?? 0;
    // Lent out one after another, and still lent out at the end, when there is little to do.
    const full = use !== undefined && (use.worst >= 0.95 || (last >= 0.95 && (use.calm ?? 1) < 0.3));
    return [
      ...(full ? givenBack(use) : []),
      ...seen(facts, 'database.pool-use', () => (full && idles ? 0.65 : 0), 'Lent out of the pool'),
      ...seen(facts, 'database.active', () => (full ? (idles ? 0.4 : -0.8) : 0)),
      ...seen(facts, 'database.idle-in-transaction', () => (idles && idle > 0.5 * sessions ? 0.5 : 0)),
      ...held(
        facts,
        'pool',
        (share) => (full && idles ? 0.5 * share : 0),
        'Waiting for a connection of the pool takes',
      ),
      ...met(full || use === undefined ? 0 : -0.5, 'the pool has connections left'),
    ];
  },
  causes: ['connection-pool', 'worker-pool', 'refusals'],
  remedy: () =>
    'Find where a connection is not given back (rows not closed, a transaction without an end on an error path): close it in finally, defer or with; until then let the pool take back what is idle too long (leakDetectionThreshold, idle_in_transaction_session_timeout).',
  idles: true,
  decidedBy: ['database.pool-use'],
};
