import { formatUs } from '../../../units.ts';
import type { Observation } from '../evidence.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { crossed, grewBy, held, met, seen, partAt, unread, nowOf, type Facts } from '../facts.ts';
import { describeShape } from '../shape.ts';

/** What is left of the requests' time when all places that were read have theirs; 0 where the CPU is busy. */
function remainder(facts: Facts): number {
  if ((nowOf(facts, 'service.cpu') ?? 0) > 0.6) return 0;
  return 1 - Math.max(partAt(facts, 'pool'), partAt(facts, 'locks'), partAt(facts, 'statements'));
}

/** So much of what goes wrong, and it is the rule. */
const MOSTLY = 0.7;

/** Whether a gateway gave up waiting (504, RFC 9110) where requests failed; a bad answer or none of what it called is 502. */
export const gaveUpWaiting = ({ client: { now } }: Facts): boolean =>
  (now.failures.get('status.504') ?? 0) > MOSTLY * Math.max(0.005, now.failedRatio);

/** What users met hints at it where nothing was read of the calls, and one step alone is hurt. */
function hints(facts: Facts): readonly Observation[] {
  const { shape, readings, client } = facts;
  const [first] = shape.hurt;
  const one = shape.hurt.length === 1 && shape.spared.length > 0;
  if (first === undefined || !one || !unread(facts, 'downstream.in-flight', 'downstream.time')) return [];
  // As slow under little load as under much, and never fast: it waits for a fixed time, and queues for nothing.
  const steady = first.calm !== undefined && first.minUs > 50_000 && first.p50Us < 2 * first.calm.p50Us;
  const left = readings.has('database.active') && remainder(facts) > 0.8;
  return [
    ...met(
      gaveUpWaiting(facts) ? 0.5 : 0,
      `what ${first.name} calls was given up by its deadline: ${describeShape(shape)}`,
    ),
    ...met(left ? 0.5 : 0, `neither the database nor the service's CPU explains what ${first.name} waits for`),
    ...met(left && client.now.frozenAt.length >= 2 ? -0.5 : 0, 'it stops and goes'),
    ...met(first.timedOutRatio > 0.05 && !first.writes ? 0.4 : 0, `requests hang at one step: ${describeShape(shape)}`),
    ...met(steady ? 0.45 : 0, `${first.name} takes ${formatUs(first.p50Us)} whatever the load`),
  ];
}

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
      ...hints(facts),
    ];
    return [...own, ...crossed(facts, 'downstream.latency', own)];
  },
  causes: ['worker-pool', 'connection-pool', 'connection-leak', 'downstream-errors'],
  remedy: ({ shape }) =>
    `Put a deadline on the call${shape.hurt[0] === undefined ? '' : ` in ${shape.hurt[0].name}`} that is shorter than the caller's patience, bound how many may be under way at a time, and take it out of the request where the reply does not need it.`,
  decidedBy: ['downstream.in-flight', 'downstream.time'],
};
