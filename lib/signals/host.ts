import { gauge } from './scrape/read.ts';
import type { Signal } from './signal.ts';

export const host: readonly Signal[] = [
  /**
   * How busy the machine's cores are, all together, where generator and service share one machine. A full machine says that
   * something took its cores, not what: service, database and generator all may have. So it accuses no resource.
   */
  {
    id: 'host.cpu',
    title: 'Machine CPU',
    unit: 'ratio',
    kind: 'utilisation',
    limit: { above: 0.95 },
    read: gauge('host_cpu_ratio'),
  },
];
