import { SECONDS, targetsMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Time until targets answered, as the balancer saw it. Target of R14 and R24; the alarm waits for the failure limit, above the grey band. */
export const balancerResponseP99: Signal = {
  id: 'balancer.response-p99',
  title: 'Response time p99',
  unit: 'us',
  kind: 'saturation',
  bottleneck: 'balancer',
  limit: { above: 500_000 },
  read: never,
  cloud: {
    reading: targetsMetric('TargetResponseTime', 'p99', SECONDS),
    drawn: { on: 'service', graph: 'Response time' },
    alarm: {
      id: 'response-time-p99',
      severity: 'page',
      limit: { above: 600_000 },
      forMinutes: 3,
      ofMinutes: 5,
      missing: 'notBreaching',
      meaning: 'One request in a hundred takes longer than 600 ms, which fails the objective on response time (R14).',
      lookAt: [
        'Did a deployment or a scaling event begin at the same minute?',
        'Is the database slow (database-latency, database-cpu) while the service has CPU left (R108)?',
        'Is the service out of CPU or tasks (cpu-high, tasks-at-maximum)?',
      ],
    },
  },
};
