import { loadTestMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** The number of the phase under way, from 1: the steps of this line are the phase bands. */
export const loadTestPhase: Signal = {
  id: 'load-test.phase',
  title: 'Phase',
  unit: 'count',
  kind: 'traffic',
  bottleneck: 'none',
  read: never,
  cloud: {
    reading: loadTestMetric('Phase', 'Maximum'),
    drawn: { on: 'load-test', graph: 'Phase' },
  },
};
