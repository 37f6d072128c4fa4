import { formula, quantity, targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Requests a second against the capacity that was measured last (R122); without a measurement there is no such signal. */
export const balancerCapacityUse: Signal = {
  id: 'balancer.capacity-use',
  title: 'Share of measured capacity',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'none',
  limit: { above: 0.8 },
  read: never,
  cloud: {
    reading: formula('requests / PERIOD(requests) / capacity', {
      requests: targetsMetric('RequestCount', 'Sum'),
      capacity: quantity('capacityPerSecond'),
    }),
    drawn: { on: 'service', graph: 'Share of measured capacity' },
    alarm: {
      id: 'tps-near-capacity',
      severity: 'notice',
      limit: { above: 0.8 },
      forMinutes: 5,
      ofMinutes: 5,
      missing: 'notBreaching',
      meaning:
        'Load is within a fifth of the highest that every objective was seen to hold at; a little more and users feel it.',
      lookAt: [
        'Is the traffic real? Compare request count with the same hour last week.',
        'Are tasks still being added, or is the service at its maximum (alarm tasks-at-maximum)?',
        'Which resource is nearest its own limit on the resources dashboard?',
      ],
    },
  },
};
