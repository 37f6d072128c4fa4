import { decimal, type Fault, valueOf } from '../fault.ts';

const lock = { name: 'lab-lock-row', text: 'SELECT id FROM users WHERE id = 1 FOR UPDATE' };
const hold = { name: 'lab-hold', text: 'SELECT pg_sleep($1)' };

export const hotRow: Fault = {
  name: 'hot-row',
  title: 'All requests lock the same row, and take turns',
  bottleneck: 'database.locks',
  parameters: { hold: decimal(0.1, 0.001, 2) },
  disturbs: ['POST /api/jobs/:id/bids'],
  work: ({ services: { database } }, values) =>
    database.transaction(async (transaction) => {
      await transaction.rows(lock, []);
      await transaction.rows(hold, [valueOf(values, 'hold')]);
      return { heldSeconds: valueOf(values, 'hold') };
    }),
};
