import { balancerMetric, formula, targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** 5xx replies of targets and balancer together, of all requests (R16). Minutes with fewer than 20 requests have no ratio worth waking for. */
export const balancerErrors: Signal = {
  id: 'balancer.errors',
  title: 'Error ratio',
  unit: 'ratio',
  kind: 'errors',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: formula('IF(requests >= 20, (FILL(target, 0) + FILL(balancer, 0)) / requests, 0)', {
      target: targetsMetric('HTTPCode_Target_5XX_Count', 'Sum'),
      balancer: balancerMetric('HTTPCode_ELB_5XX_Count', 'Sum'),
      requests: balancerMetric('RequestCount', 'Sum'),
    }),
    drawn: { on: 'service', graph: 'Errors' },
    alarm: {
      id: 'error-rate',
      severity: 'page',
      limit: { above: 0.01 },
      forMinutes: 3,
      ofMinutes: 5,
      missing: 'notBreaching',
      meaning: 'More than one request in a hundred ends in a server error, which fails the objective on errors (R16).',
      lookAt: [
        "Are the errors the balancer's (no healthy target) or the service's (graph Replies by status)?",
        'Filter the log group for ERROR since the first minute: timeouts, deadlocks, out of memory (R145).',
        "Did a deployment begin just before? The circuit breaker rolls back by itself; see the service's events.",
      ],
    },
  },
};
