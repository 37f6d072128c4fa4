import { targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** 5xx replies a minute that the service itself gave. */
export const balancerServerErrors: Signal = {
  id: 'balancer.server-errors',
  title: '5xx of targets',
  unit: 'count',
  kind: 'errors',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: targetsMetric('HTTPCode_Target_5XX_Count', 'Sum'),
    drawn: { on: 'service', graph: 'Replies by status' },
  },
};
