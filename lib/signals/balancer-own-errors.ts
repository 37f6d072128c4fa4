import { balancerMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** 5xx replies a minute that the balancer gave for want of a target that answers: 502, 503, 504. */
export const balancerOwnErrors: Signal = {
  id: 'balancer.own-errors',
  title: '5xx of the balancer',
  unit: 'count',
  kind: 'errors',
  bottleneck: 'balancer',
  read: never,
  cloud: {
    reading: balancerMetric('HTTPCode_ELB_5XX_Count', 'Sum'),
    drawn: { on: 'service', graph: 'Replies by status' },
  },
};
