import { type Fault, integer, valueOf } from '../fault.ts';

/** Without memory of its own, so that it takes time exponential in n: fibonacci(30) about 10 ms. */
const fibonacci = (n: number): number => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));

export const cpuIntensive: Fault = {
  name: 'cpu-intensive',
  title: 'A recursive Fibonacci number in each request',
  bottleneck: 'service.cpu',
  // Node computes on the one thread that serves: its CPU and its event loop are exhausted by the same work.
  alsoRight: ['service.event-loop'],
  endpoint: 'GET /api/cpu-intensive',
  parameters: { complexity: integer(30, 1, 38) },
  disturbs: ['GET /api/jobs'],
  work: async (_bench, values) => ({ fibonacci: fibonacci(valueOf(values, 'complexity')) }),
};
