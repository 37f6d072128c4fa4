import { type Fault, integer, valueOf } from '../fault.ts';

const compute = {
  name: 'lab-expensive',
  text: 'SELECT sum(sqrt(i) * ln(i + 1)) AS sum FROM generate_series(1, $1::int * 100) AS i',
};

export const expensiveQuery: Fault = {
  name: 'expensive-query',
  title: 'A statement that computes for long',
  bottleneck: 'database.statements',
  // A statement that computes takes the database's CPU: both name the statement's work.
  alsoRight: ['database.cpu'],
  endpoint: 'GET /api/expensive-query',
  parameters: { iterations: integer(1_000, 1, 100_000) },
  disturbs: ['GET /api/jobs/search'],
  work: async ({ services }, values) => {
    const [row] = await services.database.rows<{ sum: number }>(compute, [valueOf(values, 'iterations')]);
    return { sum: row?.sum };
  },
};
