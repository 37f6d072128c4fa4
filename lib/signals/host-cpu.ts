import { gauge } from './read.ts';
import type { Signal } from './signal.ts';

/** How busy the machine's cores are, all together, where generator and service share one machine. */
export const hostCpu: Signal = {
  id: 'host.cpu',
  title: 'Machine CPU',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'service.cpu',
  limit: { above: 0.95 },
  read: gauge('host_cpu_ratio'),
};
