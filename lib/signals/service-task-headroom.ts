import { formula, insightsMetric, quantity } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Tasks that scaling may still add. */
export const serviceTaskHeadroom: Signal = {
  id: 'service.task-headroom',
  title: 'Tasks left to add',
  unit: 'count',
  kind: 'saturation',
  bottleneck: 'service.workers',
  limit: { below: 1 },
  read: never,
  cloud: {
    reading: formula('most - desired', {
      most: quantity('maxTasks'),
      desired: insightsMetric('DesiredTaskCount', 'Average'),
    }),
    drawn: { on: 'resources', graph: 'Room to scale' },
    alarm: {
      id: 'tasks-at-maximum',
      severity: 'notice',
      limit: { below: 1 },
      forMinutes: 10,
      ofMinutes: 15,
      missing: 'missing',
      meaning: 'Scaling has added every task it may: more load now meets no more capacity.',
      lookAt: [
        'Is the load real and lasting? Then raise max in config/scaling for this environment.',
        "Is something slow, so that more tasks don't help (response-time-p99 with low CPU)?",
        'Can the database take more tasks? Tasks times pool size must stay below max_connections.',
      ],
    },
  },
};
