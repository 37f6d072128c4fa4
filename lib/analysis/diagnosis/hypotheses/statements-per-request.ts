import { formatNumber } from '../../../units.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { grewBy, met, nowOf, seen } from '../facts.ts';

/** A page that needs more statements than these asks for its rows one by one. */
const MANY = 8;
const FAR = 25;

/** One statement a row of the result (N + 1) instead of one for all. */
export const statementsPerRequest: Hypothesis = {
  name: 'statements-per-request',
  accuses: 'database.statements',
  weigh: (facts) => {
    const statements = nowOf(facts, 'database.statement-rate');
    const each = (statements ?? 0) / Math.max(1, facts.client.now.okPerSecond, facts.client.now.endedPerSecond);
    const text = `${formatNumber(each)} statements were run for each request`;
    return [
      ...met(statements === undefined || each < MANY ? 0 : each < FAR ? 0.6 : 0.8, text),
      ...seen(facts, 'database.statement-rate', () => (each >= MANY ? 0.35 : -0.9)),
      ...seen(facts, 'database.statement-time', (reading) =>
        each >= MANY && reading.now < 10_000 && grewBy(reading, 500) < 3 ? 0.2 : 0,
      ),
    ];
  },
  causes: ['slow-statements', 'connection-pool', 'connection-leak', 'worker-pool', 'database-cpu', 'service-cpu'],
  remedy: ({ shape }) =>
    `Fetch the rows of a page with one statement (a join, = ANY, or the ORM's eager loading: selectinload, Preload, JOIN FETCH)${shape.hurt[0] === undefined ? '' : `; begin with ${shape.hurt[0].name}`}.`,
  decidedBy: ['database.statement-rate'],
};
