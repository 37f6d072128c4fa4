import { createHash } from 'node:crypto';
import { type Fault, integer, valueOf } from '../fault.ts';

export const hash: Fault = {
  name: 'hash',
  title: 'SHA-256, many times over, in each request',
  bottleneck: 'service.cpu',
  // On the one thread that serves, as cpu-intensive is.
  alsoRight: ['service.event-loop'],
  endpoint: 'GET /api/hash',
  parameters: { iterations: integer(10_000, 1, 1_000_000) },
  disturbs: ['GET /api/jobs/:id'],
  work: async (_bench, values) => {
    let digest = Buffer.from('plimsoll');
    for (let i = 0; i < valueOf(values, 'iterations'); i += 1) digest = createHash('sha256').update(digest).digest();
    return { digest: digest.toString('hex') };
  },
};
