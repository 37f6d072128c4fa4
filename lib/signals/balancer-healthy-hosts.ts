import { targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Targets that requests are sent to. */
export const balancerHealthyHosts: Signal = {
  id: 'balancer.healthy-hosts',
  title: 'Healthy targets',
  unit: 'count',
  kind: 'traffic',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: targetsMetric('HealthyHostCount', 'Minimum'),
    drawn: { on: 'service', graph: 'Targets' },
  },
};
