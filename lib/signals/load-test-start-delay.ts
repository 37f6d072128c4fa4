import { loadTestMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** How late requests left the generator: its own lateness, which is kept apart from the service's time. */
export const loadTestStartDelay: Signal = {
  id: 'load-test.start-delay',
  title: 'Start delay p99',
  unit: 'us',
  kind: 'saturation',
  bottleneck: 'generator',
  limit: { above: 50_000 },
  read: never,
  cloud: {
    reading: loadTestMetric('StartDelayUs', 'p99'),
    drawn: { on: 'load-test', graph: 'Start delay' },
    alarm: {
      id: 'generator-late',
      severity: 'notice',
      limit: { above: 50_000 },
      forMinutes: 2,
      ofMinutes: 3,
      missing: 'notBreaching',
      meaning:
        'The load generator starts requests too late; what it measures now says more about itself than about the service.',
      lookAt: [
        'Generator CPU: is a worker at its limit? Use more workers.',
        'Dropped arrivals: is the plan asking for more than the workers can start?',
        'Was a generator task on Spot interrupted?',
      ],
    },
  },
};
