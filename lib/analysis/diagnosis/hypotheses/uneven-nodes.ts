import type { Hypothesis } from '../hypothesis.ts';
import { crossed, met, seen } from '../facts.ts';
import { describeShape } from '../shape.ts';

/** Some of several nodes are slow or overloaded, or what stands in front of them is. */
export const unevenNodes: Hypothesis = {
  name: 'uneven-nodes',
  accuses: 'balancer',
  weigh: (facts) => {
    const { client, shape } = facts;
    // Most are served as before and a part is not, whatever the step: they met another node.
    const bimodal =
      shape.uniform &&
      client.calm !== undefined &&
      client.now.p50Us < 3 * client.calm.p50Us &&
      client.now.p95Us > 8 * client.now.p50Us;
    const own = [
      ...seen(facts, 'balancer.unevenness', ({ now }) => (now > 4 ? 0.7 : -0.5)),
      ...met(bimodal ? 0.3 : 0, `a part is slow at every step, the rest as fast as before: ${describeShape(shape)}`),
    ];
    return [...own, ...crossed(facts, 'balancer', own)];
  },
  causes: ['service-cpu', 'worker-pool', 'event-loop', 'memory'],
  remedy: () =>
    'Compare the nodes one by one, take out the slow one, and balance by least outstanding requests instead of in turn; check health checks and weights.',
  seldomRead: true,
  idles: true,
  decidedBy: ['balancer.unevenness'],
};
