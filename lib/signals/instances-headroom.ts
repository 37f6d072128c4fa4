import { formula, groupMetric, quantity } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** EC2 instances that the capacity provider may still add. */
export const instancesHeadroom: Signal = {
  id: 'instances.headroom',
  title: 'Instances left to add',
  unit: 'count',
  kind: 'saturation',
  bottleneck: 'service.workers',
  limit: { below: 1 },
  read: never,
  cloud: {
    reading: formula('most - instances', {
      most: quantity('maxInstances'),
      instances: groupMetric('GroupInServiceInstances', 'Average'),
    }),
    drawn: { on: 'resources', graph: 'Room to scale' },
    alarm: {
      id: 'instances-at-maximum',
      severity: 'notice',
      limit: { below: 1 },
      forMinutes: 10,
      ofMinutes: 15,
      missing: 'missing',
      meaning: 'The Auto Scaling group holds as many instances as it may: the next task finds no place.',
      lookAt: [
        'Are tasks waiting for a place (tasks-short)?',
        'Is the size right? Tasks per instance follow from task CPU and memory; see docs/architecture.md.',
        "Raise capacity.ec2.max in the environment's configuration if the load is real and lasting.",
      ],
    },
  },
};
