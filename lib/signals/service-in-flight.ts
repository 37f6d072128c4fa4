import { gauge } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Requests that the service has begun and not ended. */
export const serviceInFlight: Signal = {
  id: 'service.in-flight',
  title: 'Requests in flight',
  unit: 'count',
  kind: 'traffic',
  bottleneck: 'none',
  read: gauge('http_requests_in_flight'),
};
