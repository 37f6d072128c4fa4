import { targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Targets that fail their health check. A balancer without any target says nothing at all, so silence is bad news too. */
export const balancerUnhealthyHosts: Signal = {
  id: 'balancer.unhealthy-hosts',
  title: 'Unhealthy targets',
  unit: 'count',
  kind: 'errors',
  bottleneck: 'none',
  limit: { above: 0 },
  read: never,
  cloud: {
    reading: targetsMetric('UnHealthyHostCount', 'Maximum'),
    drawn: { on: 'service', graph: 'Targets' },
    alarm: {
      id: 'unhealthy-hosts',
      severity: 'page',
      limit: { above: 0 },
      forMinutes: 3,
      ofMinutes: 5,
      missing: 'breaching',
      meaning: 'Tasks fail their health check, or there is no task at all: fewer or none are left to answer.',
      lookAt: [
        'ECS service events: why were tasks stopped or deregistered?',
        'Does /health answer 503 because the database does not (database-connections, database-cpu)?',
        "Did a deployment begin just before? Compare the task definition's revision.",
      ],
    },
  },
};
