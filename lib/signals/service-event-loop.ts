import { gauge, times } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** How late the service's timers fire. 50 ms of it stand in every reply, whatever the reply does. */
export const serviceEventLoop: Signal = {
  id: 'service.event-loop',
  title: 'Event-loop delay p99',
  unit: 'us',
  kind: 'saturation',
  bottleneck: 'service.event-loop',
  limit: { above: 50_000 },
  read: times(1e6, gauge('nodejs_eventloop_lag_p99_seconds')),
};
