import { formatRatio, formatUs } from '../../../../units.ts';
import type { ClientView } from '../../client.ts';
import { met } from '../../facts.ts';
import type { Hypothesis } from '../../hypothesis.ts';

/** A service that carries something refuses less than this of it. */
const NEARLY_ALL = 0.9;
/** Nothing that is at its limit answers within this, or within twice what it took while all was well. */
const QUICK_US = 50_000;
const SLOWER = 2;

/** The kind by which most requests fail, and its share of all that ended; time-outs are no answer, and 429 is a limit on purpose. */
function mainRefusal({ failures }: ClientView): readonly [kind: string, share: number] {
  const kinds = [...failures].filter(([kind]) => /^(?:status\.\d+|refused|unreachable|reset|closed)$/.test(kind));
  const [first] = kinds.filter(([kind]) => kind !== 'status.429').toSorted(([, a], [, b]) => b - a);
  return first ?? ['', 0];
}

const isConnection = (kind: string): boolean => !kind.startsWith('status.');

/** Nearly every request is turned away at once, and in the same way: the service is not there, or serves none of them, which no resource explains. */
export const refusals: Hypothesis = {
  name: 'refusals',
  accuses: 'refusals',
  weigh: ({ client: { now, calm } }) => {
    const [kind, share] = mainRefusal(now);
    if (share < NEARLY_ALL) return met(-0.95, `${formatRatio(share)} of the requests were turned away in one way`);
    const quick = now.p50Us < Math.max(QUICK_US, SLOWER * (calm?.p50Us ?? 0));
    return [
      ...met(0.8, `${formatRatio(share)} of the requests ended as ${kind}`),
      ...met(quick ? 0.5 : -0.6, `half of them within ${formatUs(now.p50Us)}`),
      ...met(isConnection(kind) ? 0.3 : 0, 'hardly a connection led to a reply'),
    ];
  },
  causes: ['service-cpu', 'event-loop', 'worker-pool', 'large-replies'],
  remedy: ({ client: { now } }) => {
    const [kind] = mainRefusal(now);
    return isConnection(kind)
      ? 'See whether the service runs and listens at the address of the plan, and what its log says of its last end; no resource has to be looked at before.'
      : `Send one request by hand: a service that answers ${kind.replace('status.', '')} to nearly everything is not ready, has orders to turn requests away, or is asked wrongly; its log says which.`;
  },
  decidedBy: [],
};
