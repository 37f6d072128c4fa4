import { targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** 4xx replies a minute: the clients' doing, or a broken contract after a deployment. */
export const balancerClientErrors: Signal = {
  id: 'balancer.client-errors',
  title: '4xx of targets',
  unit: 'count',
  kind: 'errors',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: targetsMetric('HTTPCode_Target_4XX_Count', 'Sum'),
    drawn: { on: 'service', graph: 'Replies by status' },
  },
};
