import type { Hypothesis } from '../hypothesis.ts';
import { meanNowOf, seen } from '../facts.ts';

/** A core goes through some 500 MB of live heap a second (Go's own figure is 1 µs of CPU a kB and better). */
const MARKED_PER_CORE = 500e6;

/** A small heap is collected often, and costs next to nothing: a fifth of a core. */
const LEAST_MARKED = 100e6;

/** The service collects garbage instead of answering. */
export const garbageCollection: Hypothesis = {
  name: 'garbage-collection',
  accuses: 'service.memory',
  weigh: (facts) => {
    const used = meanNowOf(facts, 'service.cores') ?? 1;
    const cores = Math.max(0.25, used);
    return [
      // Pauses that are longer than all the CPU that the process got are waits for a core. A tenth of the time lengthens what is served by a tenth; it convinces by itself where a request meets it as a rule.
      ...seen(facts, 'service.garbage-collection', ({ now }) =>
        now > 0.1 && now < used ? Math.min(0.75, 0.3 + 1.5 * now) : 0,
      ),
      ...seen(facts, 'service.marking', ({ now }) =>
        now > Math.max(LEAST_MARKED, 0.3 * MARKED_PER_CORE * cores)
          ? 0.65
          : now < 0.05 * MARKED_PER_CORE * cores
            ? -0.6
            : 0,
      ),
      ...seen(facts, 'service.collections', ({ now }) => (now > 10 ? 0.3 : 0)),
      ...seen(facts, 'service.heap', ({ now }) => (now > 0.9 ? 0.6 : 0)),
    ];
  },
  causes: ['service-cpu', 'event-loop', 'worker-pool'],
  remedy: () =>
    'Allocate less on the hot path (an allocation profile shows where), then give the heap room: GOGC and GOMEMLIMIT, -Xmx, --max-old-space-size, gc.freeze.',
  seldomRead: true,
  decidedBy: ['service.garbage-collection', 'service.marking'],
};
