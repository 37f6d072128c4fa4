import { formatNumber } from '../../../units.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { crossed, grewBy, held, met, nowOf, seen, partAt } from '../facts.ts';
import { describeShape } from '../shape.ts';
import { LATE_LOOP_US } from './event-loop.ts';

/** Requests wait in front of the service, since all of its threads or processes are taken. */
export const workerPool: Hypothesis = {
  name: 'worker-pool',
  accuses: 'service.workers',
  weigh: (facts) => {
    const { shape, client, readings } = facts;
    const inside = ((readings.get('service.time')?.meanNow ?? Number.NaN) * client.now.endedPerSecond) / 1e6;
    const idle = (nowOf(facts, 'service.cpu') ?? 0) < 0.75;
    const front = partAt(facts, 'front');
    const some = `about ${formatNumber(inside)} requests are worked on at a time, of ${formatNumber(client.now.underWay)} that are under way`;
    const own = [
      ...held(
        facts,
        'front',
        (share) => (share > 0.4 ? 0.75 * share : share < 0.2 ? -0.6 : 0),
        'Waiting in front of the service takes',
      ),
      ...met(front > 0.5 && inside >= 1.3 && idle ? 0.4 : 0, some),
      ...met(front > 0.5 && shape.uniform ? 0.3 : 0, describeShape(shape)),
      ...seen(facts, 'service.cpu', ({ now }) => (now > 0.85 ? -0.3 : 0)),
      // A loop has no pool in front of it: what waits there waits until the loop is free.
      ...seen(facts, 'service.event-loop', ({ now }) => (now > LATE_LOOP_US ? -0.5 : 0)),
      // Threads that are too few are held no longer than before: where they are, what holds them is the cause.
      ...seen(facts, 'service.time', (reading) => (front < 0.5 && grewBy(reading, 5000) > 3 ? -0.6 : 0)),
      // Go gives each request a goroutine of its own at once, so none waits for a thread that another one holds.
      ...seen(facts, 'service.goroutines', () => (readings.has('service.worker-use') ? 0 : -0.7)),
      ...met(shape.spared.length > 0 ? -0.6 : 0, `not all wait: ${describeShape(shape)}`),
      ...met(client.now.frozenAt.length >= 2 ? -0.4 : 0, 'it stops and goes'),
    ];
    return [...own, ...crossed(facts, 'service.workers', own)];
  },
  causes: [],
  remedy: () =>
    'Requests wait for a thread or process, not for each other: make their work shorter or take it out of the request; then raise the pool (gunicorn --workers and --threads, server.tomcat.threads.max, UV_THREADPOOL_SIZE), and add instances.',
  idles: true,
  decidedBy: ['service.worker-use', 'service.worker-queue', 'service.time'],
};
