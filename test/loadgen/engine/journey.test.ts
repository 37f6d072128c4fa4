import { expect, test } from '@jest/globals';
import { percentilesOf } from '../../../lib/measure/histogram.ts';
import { allSteps } from '../../../lib/measure/interval.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { runVirtually, scenarioOf, type Answer, type Sent } from './virtual-phase.ts';

type Steps = PlanInput['scenarios'][number]['steps'];

const ok = (): Answer => ({ afterMs: 10 });
const ONE_ARRIVAL = { duration: '1s', open: { rate: 1 } };

/** What one user of the steps sends. */
const sentBy = async (steps: Steps, answer: (request: Sent) => Answer = ok): Promise<readonly Sent[]> =>
  (await runVirtually({ scenarios: scenarioOf(...steps), load: ONE_ARRIVAL }, answer)).sent;

/** 2000 arrivals, and time for each to come to its end. */
const STAGED = {
  open: {
    stages: [
      { duration: '1s', hold: 2000 },
      { duration: '1s', hold: 0 },
    ],
  },
};

const pathsOf = (sent: readonly Sent[]): string[] => sent.map(({ path }) => path);

const get = (path: string) => ({ get: path });

test.each<[string, Steps, string[]]>([
  ['steps one after another', [get('/a'), get('/b')], ['/a', '/b']],
  ['a loop', [{ loop: { times: 3, steps: [get('/a')] } }, get('/b')], ['/a', '/a', '/a', '/b']],
  [
    'a loop in a loop, which counts anew each time',
    [{ loop: { times: 2, steps: [get('/a'), { loop: { times: 2, steps: [get('/b')] } }] } }],
    ['/a', '/b', '/b', '/a', '/b', '/b'],
  ],
  ['a choice of one', [{ choose: [{ steps: [get('/a')] }] }, get('/b')], ['/a', '/b']],
  ['a choice of nothing', [{ choose: [{ steps: [] }] }, get('/b')], ['/b']],
  [
    'a loop around a choice around a loop',
    [{ loop: { times: 2, steps: [{ choose: [{ steps: [{ loop: { times: 2, steps: [get('/a')] } }] }] }] } }],
    ['/a', '/a', '/a', '/a'],
  ],
])('%s', async (_, steps, paths) => {
  expect(pathsOf(await sentBy(steps))).toEqual(paths);
});

test('a choice falls as its weights say, and only one of its lists runs', async () => {
  const choose = [
    { weight: 3, steps: [get('/a'), get('/a2')] },
    { weight: 1, steps: [get('/b')] },
  ];
  const { sent } = await runVirtually({ scenarios: scenarioOf({ choose }), load: STAGED }, () => ({ afterMs: 0 }));
  const [a, a2, b] = ['/a', '/a2', '/b'].map((path) => sent.filter((each) => each.path === path).length);
  expect(a).toBe(a2);
  expect((a ?? 0) + (b ?? 0)).toBe(2000);
  // Binomial(2000, 1/4): a standard deviation of 19.4, and 5 of them are 97.
  expect(Math.abs((b ?? 0) - 500)).toBeLessThan(97);
});

test.each<[string, PlanInput['scenarios'][number]['steps'][number], number, number]>([
  ['fixed', { pause: '200ms' }, 200, 201],
  ['evenly spread', { pause: { min: '100ms', max: '300ms' } }, 100, 301],
  ['none', { pause: '0ms' }, 0, 1],
])('a pause that is %s', async (_, pause, leastMs, mostMs) => {
  const [first, second] = await sentBy([get('/a'), pause, get('/b')]);
  const pausedMs = ((second?.atUs ?? 0) - (first?.atUs ?? 0)) / 1000 - 10;
  expect(pausedMs).toBeGreaterThanOrEqual(leastMs - 0.001);
  expect(pausedMs).toBeLessThanOrEqual(mostMs);
});

test('pauses with a mean have that mean, and stand in no response time', async () => {
  const { sent, total } = await runVirtually(
    {
      scenarios: scenarioOf(get('/a'), { pause: { mean: '50ms' } }, get('/b')),
      load: {
        open: {
          stages: [
            { duration: '1s', hold: 1000 },
            { duration: '2s', hold: 0 },
          ],
        },
      },
    },
    () => ({ afterMs: 0 }),
  );
  const at = (path: string): number =>
    sent.filter((each) => each.path === path).reduce((sum, { atUs }) => sum + atUs, 0);
  // 1000 draws of Exp(50 ms): the mean's standard deviation is 1.6 ms, and timers round each up by 0.5 ms on average.
  expect((at('/b') - at('/a')) / 1e6).toBeGreaterThan(50 - 8);
  expect((at('/b') - at('/a')) / 1e6).toBeLessThan(51 + 8);
  expect(percentilesOf(allSteps(total).responseTime)?.max).toBeLessThan(3000);
});

test('a journey ends with its first failure, and its later steps are not sent', async () => {
  const { sent, total } = await runVirtually(
    { scenarios: scenarioOf(get('/a'), get('/b'), get('/c')), load: ONE_ARRIVAL },
    ({ path }) => ({ afterMs: 1, status: path === '/b' ? 500 : 200 }),
  );
  expect(pathsOf(sent)).toEqual(['/a', '/b']);
  expect(total.arrivals).toMatchObject({ started: 1, abandoned: 1, completed: 0 });
});

test('a pause under way ends with the phase: the journey is cut, not waited for', async () => {
  const { total, sent } = await runVirtually(
    { scenarios: scenarioOf(get('/a'), { pause: '1h' }, get('/b')), load: ONE_ARRIVAL },
    ok,
  );
  expect(pathsOf(sent)).toEqual(['/a']);
  expect(total.arrivals).toMatchObject({ due: 1, started: 1, cut: 1 });
});

test('onStart runs once a user, before its first iteration; one that failed runs again', async () => {
  let logins = 0;
  const { sent } = await runVirtually(
    {
      scenarios: [{ name: 'all', onStart: [get('/login')], steps: [get('/a')] }],
      load: { duration: '1200ms', closed: { users: 1 } },
    },
    ({ path }) => ({ afterMs: 40, status: path === '/login' && ++logins === 1 ? 503 : 200 }),
  );
  // The second login comes between 540 and 1,040 ms, so there is time for at least three iterations of 40 ms.
  expect(pathsOf(sent).slice(0, 5)).toEqual(['/login', '/login', '/a', '/a', '/a']);
  expect(logins).toBe(2);
});

test('what a reply gives flows into later requests, with its type', async () => {
  const body = JSON.stringify({ id: 7, on: true, none: null, deep: { list: [1, 'two'] } });
  const [, second] = await sentBy(
    [
      {
        get: '/a',
        capture: {
          id: '$.id',
          on: '$.on',
          none: '$.none',
          list: '$.deep.list',
          tag: { header: 'ETag' },
          word: { regex: '"(t\\w+)"' },
        },
      },
      {
        post: '/b/{{ id }}',
        headers: { 'if-match': '{{ tag }}' },
        query: { w: '{{ word }} & co' },
        json: { id: '{{ id }}', text: 'no. {{ id }}', on: '{{ on }}', none: '{{ none }}', list: '{{ list }}', n: 1 },
      },
    ],
    () => ({ afterMs: 1, body, headers: { etag: '"x"' } }),
  );
  expect(second?.path).toBe('/b/7?w=two%20%26%20co');
  expect(second?.headers).toMatchObject({ 'if-match': '"x"', 'content-type': 'application/json' });
  expect(JSON.parse(String(second?.body))).toEqual({
    id: 7,
    text: 'no. 7',
    on: true,
    none: null,
    list: [1, 'two'],
    n: 1,
  });
});

test('captures and cookies are the user’s own', async () => {
  const { sent } = await runVirtually(
    {
      scenarios: scenarioOf(
        { get: '/login/{{ $user }}', capture: { token: '$.token' } },
        { get: '/me/{{ $user }}', headers: { 'x-token': '{{ token }}' } },
      ),
      load: { duration: '500ms', closed: { users: 5 } },
    },
    ({ path, atUs }) => {
      const user = path.split('/').at(-1) ?? '';
      return {
        afterMs: 5 + (atUs % 7),
        body: `{"token":"t${user}"}`,
        headers: { 'set-cookie': [`sid=s${user}; Path=/; HttpOnly`, 'theme=dark; Max-Age=0'] },
      };
    },
  );
  const later = sent.filter(({ path }) => path.startsWith('/me/'));
  expect(later.length).toBeGreaterThan(50);
  for (const { path, headers } of later) {
    const user = path.slice(4);
    expect([headers['cookie'], headers['x-token']]).toEqual([`sid=s${user}`, `t${user}`]);
  }
  expect(sent.slice(0, 5).map(({ headers }) => headers['cookie'])).toEqual(Array.from({ length: 5 }, () => undefined));
});

test('an arrival is a user of its own: it knows nothing of the one before it', async () => {
  const { sent } = await runVirtually(
    { scenarios: scenarioOf(get('/a'), get('/b')), load: { duration: '1s', open: { rate: 20 } } },
    () => ({ afterMs: 1, headers: { 'set-cookie': 'sid=1' } }),
  );
  const cookiesOf = (path: string) =>
    new Set(sent.filter((each) => each.path === path).map(({ headers }) => headers['cookie']));
  expect(cookiesOf('/a')).toEqual(new Set([undefined]));
  expect(cookiesOf('/b')).toEqual(new Set(['sid=1']));
});

test('the same seed sends the same, another seed something else', async () => {
  const scenarios = scenarioOf({
    get: '/{{ $uuid }}/{{ $randomInt(1, 1000000) }}/{{ $pick(a, b, c) }}/{{ $randomString(8) }}',
  });
  const run = async (seed: number): Promise<string[]> =>
    pathsOf(
      (await runVirtually({ seed, scenarios, load: { duration: '1s', open: { rate: 20, arrivals: 'poisson' } } }, ok))
        .sent,
    );
  expect(await run(3)).toEqual(await run(3));
  expect(await run(3)).not.toEqual(await run(4));
});

test('scenarios come in proportion to their weights', async () => {
  const { sent } = await runVirtually(
    {
      scenarios: [
        { name: 'a', weight: 4, steps: [get('/a')] },
        { name: 'b', steps: [get('/b')] },
      ],
      load: { duration: '1s', open: { rate: 2000 } },
    },
    () => ({ afterMs: 0 }),
  );
  // Binomial(2000, 1/5): a standard deviation of 17.9, and 5 of them are 90.
  expect(Math.abs(sent.filter(({ path }) => path === '/b').length - 400)).toBeLessThan(90);
});

test('a request that cannot be made fails as request, and none is sent', async () => {
  const { sent, total } = await runVirtually(
    { scenarios: scenarioOf({ get: 'http://{{ $pick(a b) }}/x' }), load: { duration: '1s', open: { rate: 5 } } },
    ok,
  );
  expect(sent).toEqual([]);
  expect(allSteps(total).ledger).toMatchObject({ sent: 5, failed: 5, failures: { request: 5 } });
});
