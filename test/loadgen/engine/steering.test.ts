import { expect, test } from '@jest/globals';
import { allSteps } from '../../../lib/measure/interval.ts';
import { journeyOf, type Plan } from '../../../lib/plan/plan.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { runVirtually, scenarioOf, type Answer, type Sent, type VirtualRun } from './virtual-phase.ts';

const REQUESTS = 200;
const SECONDS = 8;
const load = { duration: `${SECONDS}s`, open: { requests: REQUESTS } };

const GET = { get: '/' };
const paged = (turns: number): PlanInput['scenarios'][number]['steps'] => [
  { get: '/first', capture: { next: { json: '$.next', optional: true } } },
  {
    while: 'next',
    atMost: turns,
    steps: [{ get: '{{ next }}', capture: { next: { json: '$.next', optional: true } } }],
  },
];

/** Pages of 5 to 9, by the user; a page has no next one after its last. */
const page = ({ path }: Sent): Answer => {
  const [, user = '0', at = '1'] = /^\/pages\/(\d+)\/(\d+)$/.exec(path) ?? [];
  const next = Number(at) < 5 + (Number(user) % 5) ? `/pages/${user}/${Number(at) + 1}` : null;
  return { afterMs: 20, body: JSON.stringify({ next }) };
};
let users = 0;
const pages = (sent: Sent): Answer =>
  page(sent.path === '/first' ? { ...sent, path: `/pages/${(users += 1)}/1` } : sent);

const JOURNEYS: readonly (readonly [string, PlanInput['scenarios'], (sent: Sent) => Answer])[] = [
  ['one request', scenarioOf(GET), () => ({ afterMs: 3 })],
  ['three, of which two in a loop', scenarioOf(GET, { loop: { times: 2, steps: [GET] } }), () => ({ afterMs: 3 })],
  [
    'two scenarios, of one and of ten',
    [
      { name: 'short', weight: 3, steps: [GET] },
      { name: 'long', weight: 1, steps: [{ loop: { times: 10, steps: [GET] } }] },
    ],
    () => ({ afterMs: 3 }),
  ],
  ['pauses between', scenarioOf(GET, { pause: '400ms' }, GET, { pause: '600ms' }, GET), () => ({ afterMs: 3 })],
  [
    'a choice, a condition that never holds, and a pause at the end',
    scenarioOf(
      {
        choose: [
          { weight: 1, steps: [GET, GET, GET] },
          { weight: 2, steps: [] },
        ],
      },
      { if: 'defined(no)', steps: [GET, GET], else: [GET] },
      { pause: '200ms' },
    ),
    () => ({ afterMs: 3 }),
  ],
  ['pages, as many as replies say', scenarioOf(...paged(50)), pages],
];

const sentWithin = ({ sent }: VirtualRun): number => sent.length;

test.each(JOURNEYS)('%s: the requests asked for are sent', async (_, scenarios, answer) => {
  const run = await runVirtually({ scenarios, load }, answer);
  const asked = REQUESTS * SECONDS;
  expect(Math.abs(sentWithin(run) - asked) / asked).toBeLessThan(0.01);
  expect(allSteps(run.total).ledger.sent).toBe(run.sent.length);
  expect(run.total.arrivals.requests).toBeCloseTo(asked, -2);
});

test('journeys of a number that the plan says are evenly spaced, like arrivals of that rate', async () => {
  const scenarios = scenarioOf({ get: '/{{ $user }}' }, GET);
  const rate = { duration: '1s', open: { rate: 50 } };
  const [ours, theirs] = [
    await runVirtually({ scenarios, load: { duration: '1s', open: { requests: 100 } } }, () => ({ afterMs: 1 })),
    await runVirtually({ scenarios, load: rate }, () => ({ afterMs: 1 })),
  ];
  expect(ours.sent).toEqual(theirs.sent);
});

/** Requests in each second, of a load whose journeys are of two requests. */
const FORMS: readonly (readonly [
  string,
  NonNullable<NonNullable<PlanInput['phases']>[number]['open']>['requests'],
  readonly number[],
])[] = [
  ['a rate', { rate: 40 }, [40, 40, 40]],
  // 0 → 120: 20, 60 and 100 of a straight line.
  ['a ramp', { ramp: { from: 0, to: 120 } }, [20, 60, 100]],
  [
    'stages',
    {
      stages: [
        { duration: '1s', hold: 10 },
        { duration: '1s', hold: 0 },
        { duration: '1s', hold: 60 },
      ],
    },
    [10, 0, 60],
  ],
  ['a spike', { spike: { base: 10, peak: 60, at: '1s', for: '1s' } }, [10, 60, 10]],
];

test.each(FORMS)('requests may be %s', async (_, requests, wanted) => {
  const { sent } = await runVirtually(
    { scenarios: scenarioOf(GET, GET), load: { duration: '3s', open: { requests } } },
    () => ({ afterMs: 0 }),
  );
  const perSecond = wanted.map((__, second) => sent.filter(({ atUs }) => Math.floor(atUs / 1e6) === second).length);
  perSecond.forEach((count, second) => expect(Math.abs(count - (wanted[second] ?? 0))).toBeLessThanOrEqual(2));
});

test.each<readonly [string, (sent: Sent) => Answer]>([
  ['slow', (sent) => ({ ...(pages(sent) as { body: string }), afterMs: 1500 })],
  ['failing', (sent) => (sent.path === '/first' ? pages(sent) : { afterMs: 5, status: 503 })],
])('a %s target gets no fewer and no more arrivals than the plan reckons with', async (_, answer) => {
  const { total } = await runVirtually({ scenarios: scenarioOf(...paged(50)), load }, answer);
  // Until journeys have come to their end they are taken for the two requests that the plan can see.
  const most = (REQUESTS * SECONDS) / 2;
  expect(total.arrivals.due).toBeLessThanOrEqual(most + 1);
  expect(total.arrivals.due).toBeGreaterThan((REQUESTS * SECONDS) / 9);
});

test('two workers send the whole, each its share', async () => {
  const asked = REQUESTS * SECONDS;
  const sent: number[] = [];
  for (const index of [0, 1])
    sent.push(
      sentWithin(await runVirtually({ scenarios: scenarioOf(...paged(50)), load }, pages, { share: { index, of: 2 } })),
    );
  for (const each of sent) expect(Math.abs(2 * each - asked) / asked).toBeLessThan(0.02);
});

const planWith = (...steps: PlanInput['scenarios'][number]['steps']): Plan =>
  lowerPlan({ name: 'x', scenarios: scenarioOf(...steps), phases: [] }, { feeders: [] });

const PAUSE = { pause: '1s' };

test.each<readonly [string, Plan, number, number]>([
  // Requests at 0, 1 and 2 s.
  ['one after another', planWith(GET, PAUSE, GET, PAUSE, GET, PAUSE), 3, 3],
  // Turns begin at 0, 1 and 2 s, with two requests each.
  ['a loop', planWith({ loop: { times: 3, steps: [GET, GET, PAUSE] } }), 6, 6],
  // Half of the time the second comes, at 1 s.
  ['a condition', planWith(GET, PAUSE, { if: 'defined(x)', steps: [GET] }), 1.5, 0.5],
  [
    'a choice',
    planWith(PAUSE, {
      choose: [
        { weight: 1, steps: [GET, GET] },
        { weight: 3, steps: [GET] },
      ],
    }),
    1.25,
    1.25,
  ],
])('what %s comes to', (_, plan, requests, beforeSeconds) => {
  const [scenario] = plan.scenarios;
  expect(scenario && journeyOf(scenario)).toMatchObject({ requests, beforeUs: beforeSeconds * 1e6 });
});
