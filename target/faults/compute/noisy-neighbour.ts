import { availableParallelism } from 'node:os';
import { startCompanion } from '../companion.ts';
import { type Fault, integer, valueOf } from '../fault.ts';

export const noisyNeighbour: Fault = {
  name: 'noisy-neighbour',
  title: 'Another program takes the cores of the machine',
  bottleneck: 'service.cpu',
  // The machine's cores are exhausted, by none of the system's own parts: a diagnosis that says so and no more is right.
  alsoRight: ['unknown'],
  parameters: { programs: integer(4, 1, 16) },
  begin: async (_bench, values) => {
    const programs = Math.min(valueOf(values, 'programs'), 4 * availableParallelism());
    const ends = Array.from({ length: programs }, () => startCompanion('burn'));
    return async () => void (await Promise.all(ends.map(async (end) => end())));
  },
};
