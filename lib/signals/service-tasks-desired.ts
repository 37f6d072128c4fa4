import { insightsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Tasks that scaling asks for. */
export const serviceTasksDesired: Signal = {
  id: 'service.tasks-desired',
  title: 'Desired tasks',
  unit: 'count',
  kind: 'traffic',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: insightsMetric('DesiredTaskCount', 'Average'),
    drawn: { on: 'resources', graph: 'Tasks' },
  },
};
