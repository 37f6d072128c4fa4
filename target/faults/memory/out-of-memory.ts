import { getHeapStatistics } from 'node:v8';
import { Problem } from '../../service/problems.ts';
import { type Fault, integer, valueOf } from '../fault.ts';

const retained: number[][] = [];

const limitMb = (): number => getHeapStatistics().heap_size_limit / 2 ** 20;

/** Node's own bound is gigabytes: a process that was not started with a small heap would fill the machine. */
const mostMb = 600;

function retain(megabytes: number): void {
  if (limitMb() > mostMb) throw new Problem('not-allowed', 'The lab has not started this service with a bounded heap.');
  // Numbers of eight bytes lie in the heap itself, where buffers do not.
  retained.push(Array.from({ length: megabytes * 2 ** 17 }, () => 0.1));
}

/** V8 ends the process where its heap can't grow (SIGABRT), as a kernel does at the limit of a container (SIGKILL). */
export const outOfMemory: Fault = {
  name: 'out-of-memory',
  title: 'The service is killed for want of memory, and started anew',
  bottleneck: 'service.memory',
  needs: { heapMb: 160 },
  endpoint: 'GET /api/heap-leak',
  parameters: { size_mb: integer(10, 1, 100) },
  disturbs: ['POST /api/jobs'],
  work: async (_bench, values) => {
    retain(valueOf(values, 'size_mb'));
    return { leaks: retained.length, heapLimitMb: Math.round(limitMb()) };
  },
  begin: async () => {
    if (limitMb() > mostMb) retain(0);
    return () => void retained.splice(0);
  },
};
