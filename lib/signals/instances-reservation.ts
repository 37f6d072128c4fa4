import { PERCENT, capacityMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Instances needed against instances there: above 100 % the capacity provider adds some, below its target it takes some away. */
export const instancesReservation: Signal = {
  id: 'instances.reservation',
  title: 'Capacity provider reservation',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'service.workers',
  read: never,
  cloud: {
    reading: capacityMetric('CapacityProviderReservation', 'Average', PERCENT),
    drawn: { on: 'resources', graph: 'Capacity provider' },
  },
};
