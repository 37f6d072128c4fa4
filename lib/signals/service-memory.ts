import { firstOf, gauge, ratio } from './read.ts';
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
};
