import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Generator } from '../../../loadgen/thread/generator.ts';
import { decodeInterval } from '../../../lib/measure/codec.ts';
import { percentilesOf, valueAt } from '../../../lib/measure/histogram.ts';
import { addInterval, allSteps, emptyInterval, merge, type Interval } from '../../../lib/measure/interval.ts';
import { addArrivals, emptyArrivals } from '../../../lib/measure/ledger.ts';
import { phaseSeed, type Feeder } from '../../../lib/plan/plan.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { countArrivals } from '../../../lib/schedule/arrivals.ts';
import { feederOf } from '../../lib/plan/feeder-of.ts';
import { TimedServer } from './timed-server.ts';

/** The real engine against real sockets, held against what the server measured itself. */
const [one, two] = [new Generator(), new Generator(2)];

beforeAll(async () => {
  await Promise.all([one.ready(), two.ready()]);
});
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
});

type Load = NonNullable<PlanInput['phases']>[number];

const planOf = (load: Partial<Load>, path = '/', feeders: Feeder[] = []) =>
  lowerPlan(
    {
      name: 'truth',
      seed: 7,
      scenarios: [{ name: 'all', steps: [{ get: path }] }],
      phases: [{ name: 'load', kind: 'sustained', ...load }],
    },
    { feeders },
  );

/** What each worker measured, by its number. */
async function measureShares(
  generator: Generator,
  plan: ReturnType<typeof planOf>,
  server: TimedServer,
): Promise<Interval[]> {
  const shares = Array.from({ length: generator.workers }, emptyInterval);
  const order = { plan, phase: plan.phases[0]!, number: 0, target: server.url, startAtMs: Date.now() + 30 };
  await generator.run(order, new AbortController().signal, (wire) => {
    addInterval(shares[wire.worker] ?? emptyInterval(), decodeInterval(wire));
  });
  return shares;
}

const measure = async (generator: Generator, plan: ReturnType<typeof planOf>, server: TimedServer): Promise<Interval> =>
  merge(await measureShares(generator, plan, server));

const arrivalPlan = (plan: ReturnType<typeof planOf>) => {
  const { segments = [], process = 'uniform' } = plan.phases[0] ?? {};
  return { segments, process, seed: phaseSeed(plan, 0) };
};

test('open model: a stall stands in the response times in full, and the schedule does not care', async () => {
  // Requests that come in the last 300 ms of every 1.5 s are held until its end: a fifth of them, 150 ms on average.
  const stallMs = 300;
  const server = await TimedServer.listen((atMs) => (atMs % 1500 < 1500 - stallMs ? 0 : 1500 - (atMs % 1500)));
  const plan = planOf({ duration: '2s', open: { rate: 200 } });
  const { arrivals, steps, startDelay, generator } = await measure(one, plan, server);
  const excusedUs = server.latenessUs + (percentilesOf(generator.eventLoopDelay)?.max ?? 0);
  server.close();
  const { ledger, responseTime, serviceTime } = allSteps({ ...emptyInterval(), steps });
  expect(arrivals).toEqual({ due: 400, started: 400, dropped: 0, completed: 400, abandoned: 0, cut: 0 });
  expect(ledger).toEqual({ sent: 400, ok: 400, failed: 0, timedOut: 0, cut: 0, failures: {} });
  expect(server.holdsUs.length).toBe(400);
  expect(valueAt(responseTime, 99)).toBeGreaterThanOrEqual(0.8 * stallMs * 1000);
  expect(valueAt(serviceTime, 50)).toBeLessThan(0.5 * stallMs * 1000 + excusedUs);
  // Each arrival has a start delay of its own; replies that are late don't thin them out.
  expect(startDelay.totalCount).toBe(400);
});

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const rank = (values: readonly number[], percent: number): number =>
  sorted(values)[Math.max(0, Math.ceil((percent / 100) * values.length) - 1)] ?? Number.NaN;

interface Gap {
  readonly p50: number;
  readonly p99: number;
  readonly excusedUs: { readonly p50: number; readonly p99: number };
}

/**
 * How much more the generator measured than the server held, and how much of it either side's event loop owns up to: in
 * the middle what it is late by in the middle, at the end what it was late by at the most. The server's time lies inside
 * the generator's for every request, so no percentile of the one can exceed the other's.
 */
async function gapOf(server: TimedServer): Promise<Gap> {
  const total = await measure(one, planOf({ duration: '600ms', open: { rate: 80 } }), server);
  const { serviceTime } = allSteps(total);
  const late = percentilesOf(total.generator.eventLoopDelay);
  return {
    p50: valueAt(serviceTime, 50) - rank(server.holdsUs, 50),
    p99: valueAt(serviceTime, 99) - rank(server.holdsUs, 99),
    excusedUs: {
      p50: (late?.p50 ?? 0) + server.usualLatenessUs,
      p99: (late?.max ?? 0) + server.latenessUs,
    },
  };
}

test('service time: what the server held, within 1 ms and what either event loop says of its own lateness', async () => {
  const gaps: Gap[] = [];
  const close = ({ p50, p99, excusedUs }: Gap): boolean => p50 < 1000 + excusedUs.p50 && p99 < 1000 + excusedUs.p99;
  while (gaps.length < 5 && !gaps.some(close)) {
    const server = await TimedServer.listen(() => 20);
    gaps.push(await gapOf(server));
    server.close();
  }
  // The histogram's 3 digits: 20 ms are known to 16 µs.
  expect(Math.min(...gaps.flatMap(({ p50, p99 }) => [p50, p99]))).toBeGreaterThan(-50);
  expect(gaps.filter(close)).toHaveLength(1);
});

test.each<[string, Partial<Load>]>([
  ['uniform', { duration: '500ms', open: { rate: 333 } }],
  ['uniform ramp', { duration: '500ms', open: { ramp: { from: 0, to: 500 } } }],
  ['poisson', { duration: '500ms', open: { rate: 300, arrivals: 'poisson' } }],
  [
    'poisson spike',
    { duration: '500ms', open: { spike: { base: 50, peak: 900, at: '200ms', for: '100ms' }, arrivals: 'poisson' } },
  ],
])('%s arrivals: as many as the schedule counts, whole and in two shares', async (_, load) => {
  const plan = planOf(load, '/{{ $user }}');
  const planned = countArrivals(arrivalPlan(plan));
  const server = await TimedServer.listen(() => 0);
  const whole = await measure(one, plan, server);
  const wholeUrls = server.urls.splice(0);
  const halves = await measureShares(two, plan, server);
  server.close();
  expect(whole.arrivals.due).toBe(planned);
  expect(halves.map(({ arrivals }) => arrivals.due)).toEqual([Math.ceil(planned / 2), Math.floor(planned / 2)]);
  const numbers = Array.from({ length: planned }, (__, n) => `/${n}`).sort();
  expect(wholeUrls.sort()).toEqual(numbers);
  expect(server.urls.sort()).toEqual(numbers);
});

test('a unique feeder gives no row twice, in two shares neither, and says when it is empty', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `r${i}`);
  const users = feederOf('users', 'unique', ['id', ...rows].join('\n'));
  const plan = planOf({ duration: '400ms', open: { rate: 100 } }, '/{{ users.id }}', [users]);
  const server = await TimedServer.listen(() => 0);
  const halves = await measureShares(two, plan, server);
  server.close();
  expect(server.urls.sort()).toEqual(rows.map((id) => `/${id}`).sort());
  // 40 arrivals for 30 rows, which both shares take from.
  const both = emptyArrivals();
  for (const { arrivals } of halves) addArrivals(both, arrivals);
  expect(both).toEqual({
    due: 40,
    started: 30,
    dropped: 10,
    completed: 30,
    abandoned: 0,
    cut: 0,
    drops: { feeder: 10 },
  });
});
