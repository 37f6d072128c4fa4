import type { Hypothesis } from '../hypothesis.ts';
import { crossed, held, met, nowOf, partAt } from '../facts.ts';

/** What is slow is the generator itself. */
export const lateGenerator: Hypothesis = {
  name: 'generator',
  accuses: 'generator',
  weigh: (facts) => {
    const { client, voids } = facts;
    const own = client.now.startDelayUs / Math.max(1, client.now.p95Us);
    const elsewhere = Math.max(
      partAt(facts, 'pool'),
      partAt(facts, 'locks'),
      partAt(facts, 'downstream'),
      partAt(facts, 'statements'),
    );
    const evidence = [
      ...met(voids.length > 0 ? 0.45 : -0.9, voids[0] ?? 'the generator was punctual'),
      ...met(voids.length > 0 && own > 0.5 ? 0.4 : 0, 'most of the response time is start delay'),
      ...met(
        elsewhere > 0.5 || (nowOf(facts, 'service.cpu') ?? 0) > 0.85 ? -0.7 : 0,
        'the system itself is at its limit',
      ),
      ...held(
        facts,
        'front',
        (share) => (voids.length > 0 && share > 0.6 ? 0.2 : 0),
        'Time outside of the service takes',
      ),
    ];
    return [...evidence, ...crossed(facts, 'generator', evidence)];
  },
  causes: ['worker-pool', 'event-loop'],
  remedy: () => 'Give the generator more cores or machines before you read anything into these figures.',
  decidedBy: [],
};
