import { formula, loadTestMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Arrivals a second that the generator could not start in time. */
export const loadTestDropped: Signal = {
  id: 'load-test.dropped',
  title: 'Dropped arrivals',
  unit: 'perSecond',
  kind: 'errors',
  bottleneck: 'generator',
  read: never,
  cloud: {
    reading: formula('n / PERIOD(n)', { n: loadTestMetric('ArrivalsDropped', 'Sum') }),
    drawn: { on: 'load-test', graph: 'Dropped arrivals' },
  },
};
