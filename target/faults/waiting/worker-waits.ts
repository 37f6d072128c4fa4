import { setTimeout as pause } from 'node:timers/promises';
import { decimal, type Fault, integer, valueOf } from '../fault.ts';

/** Each carries its request on one of a few workers, as a server with a thread a request does. */
const onWorker = { bottleneck: 'service.workers', disturbs: ['GET /api/jobs'] } as const;

export const slow: Fault = {
  ...onWorker,
  name: 'slow',
  title: 'Each request waits for input or output, and holds its worker',
  endpoint: 'GET /api/slow',
  parameters: { delay: decimal(5, 0, 60) },
  work: ({ workers }, values) =>
    workers.run(async () => {
      await pause(valueOf(values, 'delay') * 1_000);
      return { waitedSeconds: valueOf(values, 'delay') };
    }),
};

export const randomDelay: Fault = {
  ...onWorker,
  name: 'random-delay',
  title: 'Each request holds its worker for a random time',
  endpoint: 'GET /api/random-delay',
  parameters: { most: decimal(3, 0, 60) },
  work: ({ workers }, values) =>
    workers.run(async () => {
      const waitedSeconds = Math.random() * valueOf(values, 'most');
      await pause(waitedSeconds * 1_000);
      return { waitedSeconds };
    }),
};

export const parallelIo: Fault = {
  ...onWorker,
  name: 'parallel-io',
  title: 'Each request needs several workers at once',
  endpoint: 'GET /api/parallel-io',
  parameters: { count: integer(5, 1, 50) },
  work: async ({ workers }, values) => {
    const parts = Array.from({ length: valueOf(values, 'count') }, () => workers.run(() => pause(200)));
    await Promise.all(parts);
    return { parts: parts.length };
  },
};
