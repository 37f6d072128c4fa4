import { expect, test } from '@jest/globals';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { runVirtually, scenarioOf, type Answer, type Sent } from './virtual-phase.ts';

type Steps = PlanInput['scenarios'][number]['steps'];

const ok = (): Answer => ({ afterMs: 10 });

/** What one user of the steps sends. */
const sentBy = async (steps: Steps, answer: (request: Sent) => Answer = ok): Promise<readonly Sent[]> =>
  (await runVirtually({ scenarios: scenarioOf(...steps), load: { duration: '1s', open: { rate: 1 } } }, answer)).sent;

const pathsOf = (sent: readonly Sent[]): string[] => sent.map(({ path }) => path);

const get = (path: string) => ({ get: path });

const paging = (request: Sent): Answer => {
  const page = Number(new URL(request.path, 'http://x').searchParams.get('page') ?? 1);
  return { afterMs: 10, body: JSON.stringify({ next: page < 4 ? `/list?page=${page + 1}` : null }) };
};

test('pages are turned until next is null', async () => {
  const capture = { next: '$.next' };
  const steps: Steps = [
    { get: '/list', capture },
    { while: 'next', atMost: 10, steps: [{ get: '{{ next }}', name: 'page', capture }] },
    get('/after'),
  ];
  const sent = await sentBy(steps, paging);
  expect(pathsOf(sent)).toEqual(['/list', '/list?page=2', '/list?page=3', '/list?page=4', '/after']);
});

test('while ends after its most turns, and counts anew the next time', async () => {
  const inner = { while: 'true', atMost: 2, steps: [get('/a')] };
  const sent = await sentBy([{ loop: { times: 2, steps: [inner, get('/b')] } }]);
  expect(pathsOf(sent)).toEqual(['/a', '/a', '/b', '/a', '/a', '/b']);
});

test.each([
  [401, ['/me', '/login', '/me', '/end']],
  [200, ['/me', '/seen', '/end']],
])('a reply of %i decides what comes next', async (status, paths) => {
  const steps: Steps = [
    { get: '/me', capture: { code: 'status' }, expect: { status: [200, 401] } },
    { if: 'code == 401', steps: [{ post: '/login' }, get('/me')], else: [get('/seen')] },
    get('/end'),
  ];
  let asked = 0;
  const answer = ({ path }: Sent): Answer => ({ afterMs: 1, status: path === '/me' && asked++ === 0 ? status : 200 });
  expect(pathsOf(await sentBy(steps, answer))).toEqual(paths);
});

test.each<[string, string, string[]]>([
  ['a list', '{"ids": [3, "b c", 9007199254740993]}', ['/list', '/3', '/b%20c', '/9007199254740993', '/end']],
  ['an empty list', '{"ids": []}', ['/list', '/end']],
  ['null', '{"ids": null}', ['/list', '/end']],
  ['a value', '{"ids": 7}', ['/list', '/7', '/end']],
  ['nothing', '{}', ['/list', '/end']],
])('a loop over %s', async (_, body, paths) => {
  const steps: Steps = [
    { get: '/list', capture: { ids: { json: '$.ids', optional: true } } },
    { loop: { over: 'ids', as: 'id', steps: [{ get: '/{{ id }}', name: 'one' }] } },
    get('/end'),
  ];
  expect(pathsOf(await sentBy(steps, () => ({ afterMs: 1, body })))).toEqual(paths);
});

test('links of a list are followed from the page on which they stood', async () => {
  const steps: Steps = [
    { get: '/shop/list', capture: { links: { json: '$[*].href', match: 'all' } } },
    { loop: { over: 'links', as: 'link', steps: [{ get: '{{ link }}' }] } },
  ];
  const answer = (): Answer => ({ afterMs: 1, body: '[{"href": "item/1"}, {"href": "/item/2"}]' });
  expect(pathsOf(await sentBy(steps, answer))).toEqual(['/shop/list', '/shop/item/1', '/item/2']);
});

test('of pauses under a condition that a failed user still takes, one turn is counted', async () => {
  const poll = { while: 'true', atMost: 1000, steps: [get('/job'), { pause: '100ms' }] };
  const { sent } = await runVirtually(
    { scenarios: scenarioOf(poll), load: { duration: '1s', closed: { users: 1 } } },
    () => ({ afterMs: 0, status: 500 }),
  );
  // 100 ms of think time a failure, and at most 10 + 20 + … ms of backing off: no failure is followed by 100 s of rest.
  expect(sent.length).toBeGreaterThanOrEqual(3);
});
