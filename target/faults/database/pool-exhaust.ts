import { type Fault, integer, valueOf } from '../fault.ts';

const sleep = { name: 'lab-sleep', text: 'SELECT pg_sleep($1)' };
const heldSeconds = 1;

export const poolExhaust: Fault = {
  name: 'db-pool-exhaust',
  title: 'Each request takes many connections at once',
  bottleneck: 'database.connections',
  endpoint: 'GET /api/db-pool-exhaust',
  parameters: { concurrent_queries: integer(10, 1, 100) },
  disturbs: ['GET /api/jobs'],
  work: async ({ services }, values) => {
    const queries = Array.from({ length: valueOf(values, 'concurrent_queries') }, () =>
      services.database.rows(sleep, [heldSeconds]),
    );
    await Promise.all(queries);
    return { queries: queries.length };
  },
};
