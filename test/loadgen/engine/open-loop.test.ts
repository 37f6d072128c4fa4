import { expect, test } from '@jest/globals';
import { allSteps } from '../../../lib/measure/interval.ts';
import { percentilesOf } from '../../../lib/measure/histogram.ts';
import { phaseSeed, type Plan } from '../../../lib/plan/plan.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { arrivals, type Share } from '../../../lib/schedule/arrivals.ts';
import { runVirtually, scenarioOf, type Answer, type Sent } from './virtual-phase.ts';

const GET_USER = scenarioOf({ get: '/{{ $user }}' });

type Load = Omit<NonNullable<PlanInput['phases']>[number], 'name' | 'kind'>;

function scheduleOf(plan: Plan, share?: Share): number[] {
  const { segments = [], process = 'uniform' } = plan.phases[0] ?? {};
  return Array.from(arrivals({ segments, process, seed: phaseSeed(plan, 0) }, share), ({ intendedUs }) => intendedUs);
}

/** How late each request was against its arrival's place in the schedule. */
const latenessUs = (sent: readonly Sent[], schedule: readonly number[]): number[] =>
  sent.map(({ path, atUs }) => atUs - (schedule[Number(path.slice(1))] ?? Number.NaN));

const LOADS: readonly (readonly [string, Load])[] = [
  ['a rate', { duration: '1s', open: { rate: 250 } }],
  ['a ramp', { duration: '1s', open: { ramp: { from: 0, to: 400 } } }],
  [
    'stages',
    {
      open: {
        stages: [
          { duration: '300ms', to: 300 },
          { duration: '400ms', hold: 50 },
        ],
      },
    },
  ],
  ['a spike', { duration: '1s', open: { spike: { base: 20, peak: 900, at: '300ms', for: '200ms' } } }],
  ['poisson arrivals', { duration: '1s', open: { rate: 250, arrivals: 'poisson' } }],
];

const ANSWERS: readonly (readonly [string, (request: Sent) => Answer])[] = [
  ['at once', () => ({ afterMs: 0 })],
  ['late', () => ({ afterMs: 700 })],
  ['never', () => 'never'],
  ['by failing', () => ({ afterMs: 3, failure: 'reset' })],
];

const cases = LOADS.flatMap(([name, load]) => ANSWERS.map(([how, answer]) => [name, how, load, answer] as const));

test.each(cases)('%s, answered %s: every arrival starts when the plan says', async (_, __, load, answer) => {
  const { plan, sent, total } = await runVirtually({ scenarios: GET_USER, load, timeout: '2s' }, answer);
  const schedule = scheduleOf(plan);
  expect(sent).toHaveLength(schedule.length);
  expect(total.arrivals.due).toBe(schedule.length);
  // Timers have whole milliseconds: up to one late, and never early.
  const late = latenessUs(sent, schedule);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThanOrEqual(1001);
});

test('timers that fire early take nothing from the schedule, and start nothing before its time', async () => {
  const { plan, sent, total } = await runVirtually(
    { scenarios: GET_USER, load: { duration: '100ms', open: { rate: 3000 } } },
    () => ({ afterMs: 1 }),
    { timersEarly: true },
  );
  // The last three of the 300 are due in the last millisecond, at 99, 99.33 and 99.67 ms.
  expect(total.arrivals).toMatchObject({ due: 300, started: 300, dropped: 0 });
  expect(Math.min(...latenessUs(sent, scheduleOf(plan)))).toBeGreaterThanOrEqual(0);
});

test('response time counts from the intended start, service time from the sending', async () => {
  // 8 arrivals a second: each is due on a whole 125 ms, so no timer is late.
  const { total } = await runVirtually({ scenarios: GET_USER, load: { duration: '1s', open: { rate: 8 } } }, () => ({
    afterMs: 40,
  }));
  const { responseTime, serviceTime } = allSteps(total);
  expect(percentilesOf(responseTime)).toMatchObject({ count: 8, p50: expect.closeTo(40_000, -2) });
  expect(percentilesOf(serviceTime)).toMatchObject({ count: 8, p50: expect.closeTo(40_000, -2) });
});

test('beyond what it carries arrivals wait for their patience, and are dropped and counted', async () => {
  // 10,000 journeys are the most (MOST_JOURNEYS); of 12,000 arrivals without a reply 2,000 wait, each 50 ms.
  const { total, sent } = await runVirtually(
    { scenarios: GET_USER, load: { duration: '400ms', open: { rate: 30_000, patience: '50ms' } }, timeout: '1s' },
    () => 'never',
  );
  expect(sent).toHaveLength(10_000);
  expect(total.arrivals).toEqual({
    due: 12_000,
    started: 10_000,
    dropped: 2000,
    completed: 0,
    abandoned: 10_000,
    cut: 0,
  });
  expect(total.startDelay.totalCount).toBe(10_000);
});

test('an arrival that waits starts as soon as there is room, late, and its lateness stands in its response time', async () => {
  const { total, sent } = await runVirtually(
    {
      scenarios: GET_USER,
      load: {
        open: {
          stages: [
            { duration: '400ms', hold: 30_000 },
            { duration: '400ms', hold: 0 },
          ],
        },
      },
    },
    () => ({ afterMs: 350 }),
  );
  expect(sent).toHaveLength(12_000);
  expect(total.arrivals).toMatchObject({ due: 12_000, started: 12_000, dropped: 0, completed: 12_000 });
  const { responseTime, serviceTime } = allSteps(total);
  expect(percentilesOf(serviceTime)?.max).toBeLessThan(352_000);
  // Arrival 10,000 is due at 333.3 ms and finds room when the first reply comes, at 350 ms.
  expect(percentilesOf(responseTime)?.max).toBeGreaterThan(365_000);
  expect(percentilesOf(total.startDelay)?.max).toBeGreaterThan(15_000);
});

test('stopped by hand: nothing is sent any more, what waits is dropped, what is under way is cut', async () => {
  const { total, sent } = await runVirtually(
    { scenarios: GET_USER, load: { duration: '10s', open: { rate: 100 } }, timeout: '5s' },
    ({ path }) => (Number(path.slice(1)) < 30 ? { afterMs: 1 } : 'never'),
    { abortAtMs: 505 },
  );
  expect(sent).toHaveLength(51);
  expect(total.arrivals).toEqual({ due: 51, started: 51, dropped: 0, completed: 30, abandoned: 0, cut: 21 });
  expect(allSteps(total).ledger).toMatchObject({ sent: 51, ok: 30, cut: 21 });
});

test('after the end nothing is sent, and what is under way may come to its own end', async () => {
  const { total, sent } = await runVirtually(
    {
      scenarios: scenarioOf({ get: '/a' }, { get: '/b' }),
      load: { duration: '1s', open: { rate: 10 } },
      timeout: '400ms',
    },
    ({ atUs }) => (atUs > 840_000 ? 'never' : { afterMs: 150 }),
  );
  expect(Math.max(...sent.map(({ atUs }) => atUs))).toBeLessThan(1_000_000);
  // Arrivals 7 and 8 send /b at 850 and 950 ms, arrival 9 /a at 900 ms: none is answered, and each has its deadline.
  expect(total.arrivals).toEqual({ due: 10, started: 10, dropped: 0, completed: 7, abandoned: 3, cut: 0 });
});

test.each([2, 3, 7])('the shares of %i workers are the whole plan', async (of) => {
  const load = { duration: '1s', open: { rate: 100, arrivals: 'poisson' as const } };
  const shares = Array.from({ length: of }, (_, index) => ({ index, of }));
  const whole = await runVirtually({ scenarios: GET_USER, load }, () => ({ afterMs: 1 }));
  const paths: string[] = [];
  for (const share of shares) {
    const part = await runVirtually({ scenarios: GET_USER, load }, () => ({ afterMs: 1 }), { share });
    expect(latenessUs(part.sent, scheduleOf(part.plan)).every((us) => us >= 0 && us <= 1001)).toBe(true);
    paths.push(...part.sent.map(({ path }) => path));
  }
  expect(paths.toSorted()).toEqual(whole.sent.map(({ path }) => path).toSorted());
});

test('arrivals that are due together start in turns, not all in one', async () => {
  // 1,000 a ms; of this test's time a ms without a reply has some 5 turns, of 20 arrivals each.
  const { total, sent } = await runVirtually(
    {
      scenarios: GET_USER,
      load: {
        open: {
          stages: [
            { duration: '2ms', hold: 1_000_000 },
            { duration: '100ms', hold: 0 },
          ],
        },
      },
    },
    () => ({ afterMs: 60 }),
  );
  const perMs = Map.groupBy(sent, ({ atUs }) => Math.floor(atUs / 1000));
  expect(Math.max(...perMs.values().map((each) => each.length))).toBeLessThan(200);
  expect(total.arrivals).toMatchObject({ due: 2000, started: 2000, dropped: 0 });
});
