import { constant, firstOf, gauge, rate, ratio } from './read.ts';
import type { Signal } from './signal.ts';

/**
 * CPU seconds a second of the service's process, against the cores it may use: its own word for them, else the machine's
 * where generator and service share one, else one. Queueing puts the knee of a server near 0.7 to 0.85 of it (M/M/1: response
 * time is 6.7 service times at 0.85).
 */
export const serviceCpu: Signal = {
  id: 'service.cpu',
  title: 'Service CPU',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'service.cpu',
  limit: { above: 0.85 },
  read: ratio(
    rate('process_cpu_seconds_total'),
    firstOf(gauge('process_cpu_limit_cores'), gauge('host_cores'), constant(1)),
  ),
};
