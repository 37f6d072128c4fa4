import { PERCENT, serviceMetric } from './cloudwatch/cloud.ts';
import { constant, firstOf, gauge, rate, ratio } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/**
 * CPU seconds a second of the service's process, against the cores it may use: its own word for them, else the machine's
 * where generator and service share one, else one. Queueing puts the knee of a server near 0.7 to 0.85 of it (M/M/1: response
 * time is 6.7 service times at 0.85).
 */
export const serviceCpu: Signal = {
  id: 'service.cpu',
  title: 'Service CPU',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'service.cpu',
  limit: { above: 0.85 },
  read: ratio(
    rate('process_cpu_seconds_total'),
    firstOf(gauge('process_cpu_limit_cores'), gauge('host_cores'), constant(1)),
  ),
  cloud: {
    reading: serviceMetric('CPUUtilization', 'Average', PERCENT),
    drawn: { on: 'resources', graph: 'Service CPU and memory' },
    alarm: {
      id: 'cpu-high',
      severity: 'notice',
      limit: { above: 0.85 },
      forMinutes: 5,
      ofMinutes: 5,
      missing: 'missing',
      meaning:
        'Tasks use more than 85 % of their CPU (R24) and scaling has not brought it down: response times rise next.',
      lookAt: [
        'Is scaling adding tasks? See running against desired tasks, and tasks-at-maximum.',
        'Few users and high CPU is a defect, not load (R110): take a CPU profile through ECS Exec.',
        'Did a deployment change the cost of a request? Compare CPU per request before and after.',
      ],
    },
  },
};
