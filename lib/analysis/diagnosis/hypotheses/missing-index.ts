import { formatNumber } from '../../../units.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { meanNowOf, met, nowOf, seen, partAt } from '../facts.ts';

/** More rows a request than a page of results has: a table is read from its beginning to its end. */
const MANY = 1500;

/** Tables are read row by row where an index would lead to the few that are wanted. */
export const missingIndex: Hypothesis = {
  name: 'missing-index',
  accuses: 'database.statements',
  weigh: (facts) => {
    const rows = (nowOf(facts, 'database.sequential-rows') ?? 0) / Math.max(1, facts.client.now.endedPerSecond);
    const busy = partAt(facts, 'statements') - partAt(facts, 'locks');
    const weight = rows < MANY ? -0.9 : 0.35 + 0.5 * Math.max(0, busy);
    return [
      ...seen(facts, 'database.sequential-rows', () => weight),
      ...met(rows >= MANY ? 0.3 : 0, `${formatNumber(rows)} rows were read for each request`),
      ...seen(facts, 'database.active', () =>
        rows >= MANY && (meanNowOf(facts, 'database.active') ?? 0) > 1 ? 0.3 : 0,
      ),
    ];
  },
  causes: [
    'slow-statements',
    'connection-pool',
    'connection-leak',
    'worker-pool',
    'database-cpu',
    'database-io',
    'service-cpu',
  ],
  remedy: () =>
    'Add the index that the plan lacks: EXPLAIN (ANALYZE, BUFFERS) of the statements below shows a Seq Scan, and pg_stat_user_tables by seq_tup_read the table; CREATE INDEX CONCURRENTLY on the columns of its condition.',
  decidedBy: ['database.sequential-rows'],
};
