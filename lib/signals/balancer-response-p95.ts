import { SECONDS, targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Time until targets answered, as the balancer saw it. Target of R15. */
export const balancerResponseP95: Signal = {
  id: 'balancer.response-p95',
  title: 'Response time p95',
  unit: 'us',
  kind: 'saturation',
  bottleneck: 'balancer',
  limit: { above: 300_000 },
  read: never,
  cloud: {
    reading: targetsMetric('TargetResponseTime', 'p95', SECONDS),
    drawn: { on: 'service', graph: 'Response time' },
  },
};
