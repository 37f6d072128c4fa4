import { loadTestMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Event-loop delay of the slowest generator thread. */
export const loadTestEventLoop: Signal = {
  id: 'load-test.event-loop',
  title: 'Generator event-loop delay',
  unit: 'us',
  kind: 'saturation',
  bottleneck: 'generator',
  read: never,
  cloud: {
    reading: loadTestMetric('EventLoopDelayUs', 'Maximum'),
    drawn: { on: 'load-test', graph: 'Generator event loop' },
  },
};
