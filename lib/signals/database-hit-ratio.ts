import { plus, rate, ratio } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Pages found in shared buffers. Below 0.9 the working set no longer fits (PostgreSQL wiki, Performance Optimization). */
export const databaseHitRatio: Signal = {
  id: 'database.hit-ratio',
  title: 'Buffer hit ratio',
  unit: 'ratio',
  kind: 'saturation',
  bottleneck: 'database.io',
  limit: { below: 0.9 },
  read: ratio(rate('pg_blocks_hit'), plus(rate('pg_blocks_hit'), rate('pg_blocks_read'))),
};
