import type { Hypothesis } from '../hypothesis.ts';
import { crossed, grewBy, held, seen, type Facts } from '../facts.ts';

/** Calls a second of which none is left, and requests that time out. */
const STOPPED = { before: 0.5, share: 0.05, timedOut: 0.03 } as const;

/** Clients count a call when it is over: one that hangs is in no figure, and the calls seem to have stopped, and to take no time. */
function neverEnd({ readings, client, moments }: Facts): boolean {
  const calls = readings.get('downstream.calls');
  if (calls === undefined || client.now.timedOutRatio < STOPPED.timedOut) return false;
  const before = calls.points.filter(([at]) => at < moments.trouble.fromSeconds).map(([, value]) => value);
  const most = Math.max(0, ...before);
  return most > STOPPED.before && calls.meanNow < STOPPED.share * most;
}

/** Another service answers late, or not at all. */
export const downstreamLatency: Hypothesis = {
  name: 'downstream-latency',
  accuses: 'downstream.latency',
  weigh: (facts) => {
    const hang = neverEnd(facts);
    const own = [
      ...held(
        facts,
        'downstream',
        (share) => (hang ? 0 : share < 0.15 ? -0.85 : 0.95 * share),
        'Calls to other services take',
      ),
      ...seen(
        facts,
        'downstream.calls',
        () => (hang ? 0.6 : 0),
        'Calls to others that came to an end, while requests time out',
      ),
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
