import { type Fault, integer, valueOf } from '../fault.ts';

/** The last few requests' objects stay reachable, so that they are promoted and only major collections free them. */
const retained: unknown[] = [];
const generations = 8;

export const garbage: Fault = {
  name: 'garbage',
  title: 'So many objects that collecting them takes the time',
  bottleneck: 'service.memory',
  // Collections stop the one thread that serves.
  alsoRight: ['service.event-loop'],
  parameters: { objects: integer(100_000, 1_000, 250_000) },
  disturbs: ['GET /api/jobs'],
  work: async (_bench, values) => {
    retained.push(Array.from({ length: valueOf(values, 'objects') }, (_, id) => ({ id, text: `object ${id}` })));
    while (retained.length > generations) retained.shift();
    return { retained: retained.length };
  },
  begin: async () => () => void retained.splice(0),
};
