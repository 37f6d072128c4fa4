import { loadTestMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Users or arrivals under way. */
export const loadTestUsers: Signal = {
  id: 'load-test.users',
  title: 'Users under way',
  unit: 'count',
  kind: 'traffic',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: loadTestMetric('Users', 'Maximum'),
    drawn: { on: 'load-test', graph: 'Users' },
  },
};
