import { type Fault, integer, valueOf } from '../fault.ts';

export const jsonProcessing: Fault = {
  name: 'json-processing',
  title: 'A large document is serialised and parsed in each request',
  bottleneck: 'service.cpu',
  // On the one thread that serves, as cpu-intensive is.
  alsoRight: ['service.event-loop'],
  endpoint: 'GET /api/json-processing',
  parameters: { size: integer(1_000, 1, 200_000) },
  disturbs: ['GET /api/jobs/search'],
  work: async (_bench, values) => {
    const items = Array.from({ length: valueOf(values, 'size') }, (_, id) => ({
      id,
      name: `item ${id}`,
      tags: ['a', 'b'],
    }));
    const parsed = JSON.parse(JSON.stringify(items)) as unknown[];
    return { items: parsed.length };
  },
};
