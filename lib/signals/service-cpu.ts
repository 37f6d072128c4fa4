import { rate } from './read.ts';
import type { Signal } from './signal.ts';

/**
 * CPU seconds a second of the service's process. One Node process computes on one core, so 1 is full; queueing theory puts
 * the knee of a single server near 0.7 to 0.85 of it (M/M/1: response time is 6.7 service times at 0.85).
 */
export const serviceCpu: Signal = {
  id: 'service.cpu',
  title: 'Service CPU',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'service.cpu',
  limit: { above: 0.85 },
  read: rate('process_cpu_seconds_total'),
};
