import { insightsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Tasks that run. */
export const serviceTasks: Signal = {
  id: 'service.tasks',
  title: 'Running tasks',
  unit: 'count',
  kind: 'traffic',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: insightsMetric('RunningTaskCount', 'Average'),
    drawn: { on: 'resources', graph: 'Tasks' },
  },
};
