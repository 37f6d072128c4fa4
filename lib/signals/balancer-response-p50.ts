import { SECONDS, targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Time until targets answered, as the balancer saw it. Half of the replies are faster. */
export const balancerResponseP50: Signal = {
  id: 'balancer.response-p50',
  title: 'Response time p50',
  unit: 'us',
  kind: 'saturation',
  bottleneck: 'balancer',
  read: never,
  cloud: {
    reading: targetsMetric('TargetResponseTime', 'p50', SECONDS),
    drawn: { on: 'service', graph: 'Response time' },
  },
};
