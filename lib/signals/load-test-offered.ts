import { formula, loadTestMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Arrivals due a second, by plan. */
export const loadTestOffered: Signal = {
  id: 'load-test.offered',
  title: 'Offered load',
  unit: 'perSecond',
  kind: 'traffic',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: formula('n / PERIOD(n)', { n: loadTestMetric('ArrivalsDue', 'Sum') }),
    drawn: { on: 'load-test', graph: 'Offered against carried' },
  },
};
