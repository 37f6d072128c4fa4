import type { Hypothesis } from '../hypothesis.ts';
import { crossed, grewBy, held, seen } from '../facts.ts';

/** Another service answers late, or not at all. */
export const downstreamLatency: Hypothesis = {
  name: 'downstream-latency',
  accuses: 'downstream.latency',
  weigh: (facts) => {
    const own = [
      ...held(facts, 'downstream', (share) => (share < 0.15 ? -0.85 : 0.95 * share), 'Calls to other services take'),
      ...seen(facts, 'downstream.time', (reading) =>
        reading.now > 300_000 ? 0.35 : reading.now > 30_000 && grewBy(reading, 3000) > 4 ? 0.4 : 0,
      ),
    ];
    return [...own, ...crossed(facts, 'downstream.latency', own)];
  },
  causes: ['worker-pool', 'connection-pool', 'connection-leak', 'downstream-errors'],
  remedy: ({ shape }) =>
    `Put a deadline on the call${shape.hurt[0] === undefined ? '' : ` in ${shape.hurt[0].name}`} that is shorter than the caller's patience, bound how many may be under way at a time, and take it out of the request where the reply does not need it.`,
  idles: true,
  decidedBy: ['downstream.in-flight', 'downstream.time'],
};
