import { formula, targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Successful replies a second: the TPS of R4 and R122. */
export const balancerThroughput: Signal = {
  id: 'balancer.throughput',
  title: 'Throughput',
  unit: 'perSecond',
  kind: 'traffic',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: formula('(FILL(ok, 0) + FILL(redirected, 0)) / PERIOD(requests)', {
      ok: targetsMetric('HTTPCode_Target_2XX_Count', 'Sum'),
      redirected: targetsMetric('HTTPCode_Target_3XX_Count', 'Sum'),
      requests: targetsMetric('RequestCount', 'Sum'),
    }),
    drawn: { on: 'service', graph: 'Traffic' },
  },
};
