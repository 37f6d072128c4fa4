import { formula, insightsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Tasks that should run and don't. A task takes a minute or two to start, and an instance below it three; ten are trouble. */
export const serviceTasksShort: Signal = {
  id: 'service.tasks-short',
  title: 'Tasks missing',
  unit: 'count',
  kind: 'saturation',
  bottleneck: 'service.workers',
  limit: { above: 0 },
  read: never,
  cloud: {
    reading: formula('desired - running', {
      desired: insightsMetric('DesiredTaskCount', 'Average'),
      running: insightsMetric('RunningTaskCount', 'Average'),
    }),
    drawn: { on: 'resources', graph: 'Tasks missing' },
    alarm: {
      id: 'tasks-short',
      severity: 'notice',
      limit: { above: 0 },
      forMinutes: 10,
      ofMinutes: 10,
      missing: 'breaching',
      meaning: 'Fewer tasks run than scaling asks for: the service has less capacity than it was told to have.',
      lookAt: [
        'ECS service events: "unable to place a task" says which resource lacks.',
        'Is the Auto Scaling group at its maximum (instances-at-maximum), or is Spot capacity gone (spot-interruptions)?',
        'Do tasks start and stop again at once (task-crashes)?',
      ],
    },
  },
};
