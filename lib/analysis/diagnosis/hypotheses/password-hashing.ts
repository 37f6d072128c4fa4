import type { Hypothesis } from '../hypothesis.ts';
import { held, meanNowOf, met, seen } from '../facts.ts';
import { describeShape } from '../shape.ts';

/** Password hashes take the cores, and their threads: what else there is to do is served. */
export const passwordHashing: Hypothesis = {
  name: 'password-hashing',
  accuses: 'service.workers',
  weigh: (facts) => {
    const { shape } = facts;
    const queued = meanNowOf(facts, 'service.hashing') ?? 0;
    const hashing = (meanNowOf(facts, 'service.hashing-cpu') ?? 0) > 0.4 || queued > 4;
    const spared = hashing && shape.hurt.length > 0 && shape.spared.length > 0;
    return [
      ...seen(
        facts,
        'service.hashing-cpu',
        ({ now }) => (now > 0.4 ? 0.65 : now < 0.1 && queued < 4 ? -0.8 : 0),
        'Password hashing takes of the cores',
      ),
      ...seen(facts, 'service.hashing', ({ now }) => (now > 4 ? 0.5 : 0)),
      ...held(
        facts,
        'hashing',
        (share) => (hashing && share > 0.2 ? 0.6 * share : 0),
        'Waiting for a password hash takes',
      ),
      ...met(spared ? 0.3 : 0, describeShape(shape)),
    ];
  },
  causes: ['service-cpu', 'event-loop', 'worker-pool', 'connection-pool', 'slow-statements', 'downstream-latency'],
  remedy: ({ shape }) =>
    `Requests wait for a thread that hashes passwords${shape.hurt[0] === undefined ? '' : ` at ${shape.hurt[0].name}`}: log in once and reuse the token, choose the cost of a hash for the cores there are, limit logins at the edge; then raise the pool (UV_THREADPOOL_SIZE) up to the number of cores, and add instances.`,
  seldomRead: true,
  decidedBy: ['service.hashing-cpu', 'service.hashing'],
};
