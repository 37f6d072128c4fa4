import { setTimeout as pause } from 'node:timers/promises';
import { type Fault, integer, valueOf } from '../fault.ts';

const heldMs = 1_000;

export const memorySpike: Fault = {
  name: 'memory-spike',
  title: 'Each request takes much memory for a second',
  bottleneck: 'service.memory',
  // What is taken and given back is written to and collected: the one thread does that too.
  alsoRight: ['service.event-loop'],
  endpoint: 'GET /api/memory-spike',
  parameters: { size_mb: integer(50, 1, 200) },
  disturbs: ['GET /api/jobs/search'],
  work: async ({ memory, configuration }, values) => {
    const megabytes = valueOf(values, 'size_mb');
    if (spiking + memory.heldMb + megabytes > configuration.memoryBoundMb) return { spikeMb: 0, atBound: true };
    spiking += megabytes;
    const spike = Buffer.alloc(megabytes * 2 ** 20, 1);
    await pause(heldMs);
    spiking -= megabytes;
    return { spikeMb: spike.length / 2 ** 20, atBound: false };
  },
};

/** In megabytes, of all requests under way. */
let spiking = 0;
