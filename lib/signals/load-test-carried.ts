import { formula, loadTestMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Successful replies a second, as the generator counted them. */
export const loadTestCarried: Signal = {
  id: 'load-test.carried',
  title: 'Carried load',
  unit: 'perSecond',
  kind: 'traffic',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: formula('n / PERIOD(n)', { n: loadTestMetric('RequestsOk', 'Sum') }),
    drawn: { on: 'load-test', graph: 'Offered against carried' },
  },
};
