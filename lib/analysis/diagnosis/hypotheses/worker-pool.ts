import { formatNumber } from '../../../units.ts';
import { ofTimes } from '../evidence.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { crossed, grewBy, held, met, nowOf, seen, partAt, unread, type Facts } from '../facts.ts';
import { describeShape } from '../shape.ts';
import { LATE_LOOP_US } from './event-loop.ts';

/** Workers are held this many times as long as while all was well: what holds them is the cause. */
const LONGER = 3;
/** A step that became slower by so many times as much as the others, and by so much more. */
const APART = { times: 2, us: 100_000 } as const;

/** In front of a pool every request waits as long, whatever its step: what a step takes beyond that, it holds its worker for. */
function standsOut({ client: { steps } }: Facts): boolean {
  const grown = steps.flatMap(({ calm, meanUs, ended }) =>
    calm === undefined || ended < 10 ? [] : meanUs - calm.meanUs,
  );
  const [most, ...others] = grown.toSorted((a, b) => b - a);
  const usual = others[Math.floor(others.length / 2)];
  return most !== undefined && usual !== undefined && most > Math.max(APART.times * usual, usual + APART.us);
}

/** Whether workers are held for longer than before; undefined where that is not known. */
function heldLonger(facts: Facts): boolean | undefined {
  const time = facts.readings.get('service.time');
  if (time?.calm !== undefined) return grewBy(time, 5000) > LONGER;
  return standsOut(facts) ? true : undefined;
}

/** What a worker may be busy with, each by the first signal of it. */
const BUSY_WITH: readonly (readonly [string, ...string[]])[] = [
  ['service.cpu'],
  ['database.active', 'database.statement-load', 'database.statement-time'],
  ['downstream.in-flight', 'downstream.time'],
];

/** So much of the requests' time in the pool's own queue, and it is the queue that they wait in. */
const QUEUED = 0.4;

/** Requests wait in front of the service, since all of its threads or processes are taken. */
export const workerPool: Hypothesis = {
  name: 'worker-pool',
  accuses: 'service.workers',
  weigh: (facts) => {
    const { shape, client, readings } = facts;
    const inside = ((readings.get('service.time')?.meanNow ?? Number.NaN) * client.now.endedPerSecond) / 1e6;
    const idle = (nowOf(facts, 'service.cpu') ?? 0) < 0.75;
    const front = partAt(facts, 'front');
    // What waits in its own queue is seen: in front of the service or within, and a step that does without the pool is spared.
    const queued = partAt(facts, 'workers') > QUEUED;
    const some = `about ${formatNumber(inside)} requests are worked on at a time, of ${formatNumber(client.now.underWay)} that are under way`;
    const own = [
      ...held(
        facts,
        'front',
        (share) => (share > 0.4 ? 0.75 * share : share < 0.2 && !queued ? -0.6 : 0),
        'Waiting in front of the service takes',
      ).map(ofTimes),
      // A little less than of connections, since what holds a thread may be anything.
      ...held(facts, 'workers', (share) => (queued ? 0.2 + 0.5 * share : 0), 'Waiting for a worker takes'),
      ...met(front > 0.5 && inside >= 1.3 && idle ? 0.4 : 0, some).map(ofTimes),
      ...met(front > 0.5 && shape.uniform ? 0.3 : 0, describeShape(shape)).map(ofTimes),
      ...seen(facts, 'service.cpu', ({ now }) => (now > 0.85 ? -0.3 : 0)),
      // A loop has no pool in front of it: what waits there waits until the loop is free.
      ...seen(facts, 'service.event-loop', ({ now }) => (now > LATE_LOOP_US ? -0.5 : 0)),
      // Threads that are too few are held no longer than before: where they are, what holds them is the cause.
      ...seen(facts, 'service.time', (reading) =>
        front < 0.5 && !queued && grewBy(reading, 5000) > LONGER ? -0.6 : 0,
      ),
      // What the service has in hand does not wait in front of it.
      ...seen(facts, 'service.in-flight', ({ meanNow }) =>
        front > 0.5 && meanNow > 0.5 * client.now.underWay ? -0.6 : 0,
      ),
      // Go gives each request a goroutine of its own at once, so none waits for a thread that another one holds.
      ...seen(facts, 'service.goroutines', () => (readings.has('service.worker-use') ? 0 : -0.7)),
      ...met(shape.spared.length > 0 && !queued ? -0.6 : 0, `not all wait: ${describeShape(shape)}`),
      ...met(client.now.frozenAt.length >= 2 ? -0.4 : 0, 'it stops and goes'),
    ];
    return [...own, ...crossed(facts, 'service.workers', own)];
  },
  causes: [],
  remedy: () =>
    'Requests wait for a thread or process, not for each other: make their work shorter or take it out of the request; then raise the pool (gunicorn --workers and --threads, server.tomcat.threads.max, UV_THREADPOOL_SIZE), and add instances.',
  idles: true,
  decidedBy: ['service.worker-use', 'service.worker-queue', 'service.time'],
  leftOpenBy: (facts) =>
    heldLonger(facts) === false
      ? []
      : BUSY_WITH.flatMap(([first, ...others]) => (unread(facts, first, ...others) ? [first] : [])),
  follows: (facts) => heldLonger(facts) === true,
};
