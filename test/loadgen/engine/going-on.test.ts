import { expect, test } from '@jest/globals';
import { allSteps } from '../../../lib/measure/interval.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { runVirtually, scenarioOf, type Answer, type Sent, type VirtualRun } from './virtual-phase.ts';

type Steps = PlanInput['scenarios'][number]['steps'];

const run = (steps: Steps, answer: (request: Sent) => Answer, top: Partial<PlanInput> = {}): Promise<VirtualRun> =>
  runVirtually({ ...top, scenarios: scenarioOf(...steps), load: { duration: '1s', open: { rate: 1 } } }, answer);

const pathsOf = ({ sent }: VirtualRun): string[] => sent.map(({ method, path }) => `${method} ${path}`);

const failing = (): Answer => ({ afterMs: 1, status: 500, body: '{"id": 7}' });

const two: Steps = [{ get: '/a', capture: { id: '$.id' } }, { get: '/{{ id }}' }];

test.each([
  ['a status', failing, ['GET /a', 'GET /7'], { 'status.500': 2 }, 'completed'],
  [
    'a capture that is not there',
    (): Answer => ({ afterMs: 1, status: 500 }),
    ['GET /a'],
    { 'status.500': 1 },
    'abandoned',
  ],
  ['no reply', (): Answer => ({ afterMs: 1, failure: 'reset' }), ['GET /a'], { reset: 1 }, 'abandoned'],
] as const)('with onFail: next, after %s', async (_, answer, paths, failures, end) => {
  const result = await run(two, answer, { onFail: 'next' });
  expect(pathsOf(result)).toEqual(paths);
  expect(allSteps(result.total).ledger.failures).toEqual(failures);
  expect(result.total.arrivals[end]).toBe(1);
});

test('a step can have it otherwise than the plan', async () => {
  const ends: Steps = [{ get: '/a', onFail: 'end' }, { get: '/b' }];
  expect(pathsOf(await run(ends, failing, { onFail: 'next' }))).toEqual(['GET /a']);
  expect(pathsOf(await run([{ get: '/a', onFail: 'next' }, { get: '/b' }], failing))).toEqual(['GET /a', 'GET /b']);
});

const to =
  (status: number, location: string, path = '/a') =>
  (request: Sent): Answer =>
    request.path === path ? { afterMs: 1, status, headers: { location } } : { afterMs: 1 };

test.each([
  [301, '/b', 'GET /b', null],
  [303, 'b?c=1', 'GET /b?c=1', null],
  [307, '/b', 'POST /b', '{"n":1}'],
  [308, '/b', 'POST /b', '{"n":1}'],
])('a redirect of %d to %s is followed, and is a request', async (status, location, next, body) => {
  const result = await run([{ post: '/a', json: { n: 1 } }], to(status, location), { redirects: 'follow' });
  const [, second] = result.sent;
  expect(`${second?.method} ${second?.path}`).toBe(next);
  expect(second?.body).toBe(body);
  expect(second?.headers['content-type']).toBe(body === null ? undefined : 'application/json');
  expect(allSteps(result.total).ledger).toMatchObject({ sent: 2, ok: 2 });
});

test('a redirect to a host that may not be loaded is sent nowhere', async () => {
  const result = await run([{ get: '/a' }], to(302, 'http://elsewhere.test/b'), { redirects: 'follow' });
  expect(result.sent).toHaveLength(1);
  expect(allSteps(result.total).ledger).toMatchObject({ sent: 2, ok: 1, failures: { request: 1 } });
});

test('a circle ends after ten hops', async () => {
  const result = await run([{ get: '/a' }], to(302, '/a'), { redirects: 'follow' });
  expect(result.sent).toHaveLength(11);
  expect(allSteps(result.total).ledger).toMatchObject({ sent: 11, ok: 10, failures: { redirects: 1 } });
});

test('without it, and for a step that stays, a redirect is the end', async () => {
  expect(pathsOf(await run([{ get: '/a' }], to(302, '/b')))).toEqual(['GET /a']);
  expect(pathsOf(await run([{ get: '/a', redirects: 'stay' }], to(302, '/b'), { redirects: 'follow' }))).toEqual([
    'GET /a',
  ]);
});

test('no more journeys than most are under way, and the others are dropped without a reproach', async () => {
  const load = { duration: '1s', open: { rate: 10, most: 2 } } as const;
  const { total } = await runVirtually({ scenarios: scenarioOf({ get: '/a' }), load }, () => ({ afterMs: 350 }));
  // Due at 0, 100, … 900 ms: two start at 0 and 100, the next when one of them is over: 400, 500, 800 and 900.
  expect(total.arrivals).toMatchObject({ due: 10, started: 6, dropped: 4, drops: { most: 4 } });
});

test('a user has one of a list of values for good; names reach into values; turns are counted', async () => {
  const variables = { city: { pick: [{ name: 'York', parts: ['a', 'b'] }] }, list: [1, 2] };
  const result = await run(
    [
      { get: '/{{ city.name }}/{{ city.parts[1] }}' },
      { loop: { times: 2, as: 'turn', from: 3, steps: [{ get: '/{{ turn }}' }] } },
      { if: 'city.parts[0] == "a" and not defined(city.lacking)', steps: [{ get: '/yes' }] },
      { loop: { over: 'city.parts', as: 'part', steps: [{ get: '/{{ part }}' }] } },
    ],
    () => ({ afterMs: 1 }),
    { variables },
  );
  expect(pathsOf(result)).toEqual(['/York/b', '/3', '/4', '/yes', '/a', '/b'].map((path) => `GET ${path}`));
});

test.each([
  [{ status: 'any' }, 500, '', 'ok'],
  [{ status: { not: [404, '5xx'] } }, 404, '', 'failed'],
  [{ status: { not: 404 } }, 500, '', 'ok'],
  [{ body: { json: { '$.a': { exists: true }, '$.b': { exists: false } } } }, 200, '{"a":null}', 'ok'],
  [{ body: { json: { '$.a': { exists: true } } } }, 200, '{}', 'failed'],
] as const)('%j of %d %s is %s', async (expected, status, body, outcome) => {
  const { total } = await run(
    [{ get: '/a', expect: expected as NonNullable<Extract<Steps[number], { get?: string }>['expect']> }],
    () => ({ afterMs: 1, status, body }),
  );
  expect(allSteps(total).ledger[outcome]).toBe(1);
});
