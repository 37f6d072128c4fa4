import { decimal, type Fault, integer, valueOf } from '../fault.ts';

export const memoryLeak: Fault = {
  name: 'memory-leak',
  title: 'Each request retains memory',
  bottleneck: 'service.memory',
  endpoint: 'GET /api/memory-leak',
  parameters: { size_mb: integer(10, 1, 100) },
  disturbs: ['POST /api/jobs'],
  work: async ({ memory }, values) => {
    const taken = memory.take(valueOf(values, 'size_mb'));
    return { retainedMb: memory.heldMb, atBound: !taken };
  },
};

export const slowLeak: Fault = {
  name: 'slow-leak',
  title: 'Memory grows a little every second, whatever the load',
  bottleneck: 'service.memory',
  parameters: { mb_per_second: decimal(20, 0.1, 100) },
  begin: async ({ memory }, values) => {
    const timer = setInterval(() => memory.take(valueOf(values, 'mb_per_second')), 1_000);
    return () => clearInterval(timer);
  },
};
