import { gauge } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Share of time in which the event loop was busy (Node's eventLoopUtilization). */
export const serviceEventLoopUse: Signal = {
  id: 'service.event-loop-use',
  title: 'Event-loop use',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'service.event-loop',
  limit: { above: 0.9 },
  read: gauge('nodejs_eventloop_utilization_ratio'),
};
