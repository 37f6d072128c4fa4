import { PERCENT, serviceMetric } from './cloudwatch/cloud.ts';
import { firstOf, gauge, ratio } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Resident memory of the service against its own limit, or the machine's memory where generator and service share one. */
export const serviceMemory: Signal = {
  id: 'service.memory',
  title: 'Service memory',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'service.memory',
  limit: { above: 0.9 },
  read: ratio(
    gauge('process_resident_memory_bytes'),
    firstOf(gauge('process_memory_limit_bytes'), gauge('host_memory_bytes')),
  ),
  cloud: {
    reading: serviceMetric('MemoryUtilization', 'Average', PERCENT),
    drawn: { on: 'resources', graph: 'Service CPU and memory' },
    alarm: {
      id: 'memory-high',
      severity: 'notice',
      limit: { above: 0.9 },
      forMinutes: 5,
      ofMinutes: 5,
      missing: 'missing',
      meaning: 'Tasks use more than 90 % of their memory (R24); the next step is a task killed for want of memory.',
      lookAt: [
        'Does it rise with time (a leak) or with load (large replies, caches)?',
        'Was a task killed already (task-crashes, exit code 137)?',
        'As first aid give tasks more memory (R109); then look at the heap through ECS Exec.',
      ],
    },
  },
};
