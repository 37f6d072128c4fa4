import { targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Requests a minute and task: what target tracking follows (R127). */
export const balancerRequestsPerTarget: Signal = {
  id: 'balancer.requests-per-target',
  title: 'Requests per target and minute',
  unit: 'count',
  kind: 'traffic',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: targetsMetric('RequestCountPerTarget', 'Sum'),
    drawn: { on: 'service', graph: 'Requests per target' },
  },
};
