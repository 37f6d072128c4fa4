import { rate, ratio, times } from './scrape/read.ts';
import type { Signal } from './signal.ts';

export const downstream: readonly Signal[] = [
  /** Mean duration of calls to the downstream service; half a second is where a caller's own objective of R14 is gone. */
  {
    id: 'downstream.time',
    title: 'Downstream time, mean',
    unit: 'us',
    kind: 'saturation',
    accuses: 'downstream.latency',
    limit: { above: 500_000 },
    read: times(
      1e6,
      ratio(rate('downstream_request_duration_seconds_sum'), rate('downstream_request_duration_seconds_count')),
    ),
  },
];
