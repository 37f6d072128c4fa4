import { spotMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Interruption notices for Spot capacity; two minutes later it is gone. */
export const instancesSpotInterruptions: Signal = {
  id: 'instances.spot-interruptions',
  title: 'Spot interruptions',
  unit: 'count',
  kind: 'errors',
  bottleneck: 'service.workers',
  read: never,
  cloud: {
    reading: spotMetric('TriggeredRules', 'Sum'),
    drawn: { on: 'resources', graph: 'Spot interruptions' },
    alarm: {
      id: 'spot-interruptions',
      severity: 'notice',
      limit: { above: 0 },
      forMinutes: 1,
      ofMinutes: 1,
      missing: 'notBreaching',
      meaning: 'AWS takes Spot capacity back; tasks on it move within two minutes, and a run under way is disturbed.',
      lookAt: [
        'Do tasks come back elsewhere (tasks-short stays quiet)?',
        'Are several notices close together? Then a whole Spot pool is short: add instance types, or raise onDemandBase.',
        'Is a load test running? Its phase is disturbed; repeat it.',
      ],
    },
  },
};
