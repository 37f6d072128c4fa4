import type { Hypothesis } from '../hypothesis.ts';
import { crossed, seen } from '../facts.ts';

/** The database's instance computes as much as it can. */
export const databaseCpu: Hypothesis = {
  name: 'database-cpu',
  accuses: 'database.cpu',
  weigh: (facts) => {
    const own = seen(facts, 'database.cpu', ({ now }) => (now > 0.8 ? 0.6 : -0.9));
    return [...own, ...crossed(facts, 'database.cpu', own)];
  },
  causes: ['connection-pool', 'connection-leak', 'slow-statements', 'worker-pool'],
  remedy: () => 'Tune the statements with the largest total time; then a larger instance, or a replica for reads.',
  seldomRead: true,
  decidedBy: ['database.cpu'],
};
