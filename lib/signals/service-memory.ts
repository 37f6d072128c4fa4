import { gauge, ratio } from './read.ts';
import type { Signal } from './signal.ts';

/** Resident memory of the service against the limit of its container, or of the machine where it has none. */
export const serviceMemory: Signal = {
  id: 'service.memory',
  title: 'Service memory',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'service.memory',
  limit: { above: 0.9 },
  read: ratio(gauge('process_resident_memory_bytes'), gauge('process_memory_limit_bytes')),
};
