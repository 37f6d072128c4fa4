import { targetsMetric } from '../cloudwatch/cloud.ts';
import { promql } from '../prometheus/promql.ts';
import * as replies from '../prometheus/replies.ts';
import { never } from '../scrape.ts';
import type { Signal } from '../signal.ts';

/** The tasks as their balancer sees them. */
export const targets: readonly Signal[] = [
  /** Requests a minute and task: what target tracking follows. */
  {
    id: 'balancer.requests-per-target',
    title: 'Requests per target and minute',
    unit: 'count',
    kind: 'traffic',
    exported: replies.ofReplies(replies.ANY, promql.increase),
    read: never,
    cloud: {
      reading: targetsMetric('RequestCountPerTarget', 'Sum'),
      drawn: { on: 'service', graph: 'Requests per target' },
    },
  },
  /** Targets that fail their health check. A balancer without any target reports nothing at all, so missing data is bad news too. */
  {
    id: 'balancer.unhealthy-hosts',
    title: 'Unhealthy targets',
    unit: 'count',
    kind: 'errors',
    limit: { above: 0 },
    exported: replies.ofService(promql.among(promql.minus(promql.count('up'), promql.gauge('up')), replies.isService)),
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
          'Does the live path answer a task itself (ECS Exec)? It asks no database, so the process hangs or has no CPU.',
          "Did a deployment begin just before? Compare the task definition's revision.",
        ],
      },
    },
  },
  /** Targets that requests are sent to. */
  {
    id: 'balancer.healthy-hosts',
    title: 'Healthy targets',
    unit: 'count',
    kind: 'traffic',
    exported: replies.ofService(promql.among(promql.gauge('up'), replies.isService)),
    read: never,
    cloud: {
      reading: targetsMetric('HealthyHostCount', 'Minimum'),
      drawn: { on: 'service', graph: 'Targets' },
    },
  },
];
