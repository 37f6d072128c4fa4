import { groupMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** EC2 instances that carry tasks. */
export const instancesInService: Signal = {
  id: 'instances.in-service',
  title: 'Instances in service',
  unit: 'count',
  kind: 'traffic',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: groupMetric('GroupInServiceInstances', 'Average'),
    drawn: { on: 'resources', graph: 'Instances' },
  },
};
