import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { valueAt } from '../../../lib/measure/histogram.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { beginHooks } from '../../../loadgen/hooks/begin.ts';
import { HookedRuns, ledgersOf } from './hooked-run.ts';

let runs: HookedRuns;
beforeAll(async () => {
  runs = await HookedRuns.begin();
});
afterAll(async () => {
  await runs[Symbol.asyncDispose]();
});

const MODULE = `
export const throws = () => { throw new Error('no\\nluck'); };
export const rejects = async () => { throw { message: 'bad day' }; };
export const never = () => new Promise(() => undefined);
export const loops = () => { for (;;); };
export const loopsLater = async () => { await null; for (;;); };
export const ends = () => { process.exit(3); };
export const fails = () => { setTimeout(() => { throw new Error('later'); }); return new Promise(() => undefined); };
export const start = (c) => { c.variables.me = 'u' + c.user; c.variables.seen = { n: 0 }; };
export const sign = (r, c) => {
  r.headers['x-sign'] = [r.step, r.method, new URL(r.url).pathname, r.body].join(' ').trim();
  delete r.headers['user-agent'];
  if (r.step === 'moved') { r.method = 'PUT'; r.url = '/elsewhere?a=1'; r.body = 'new'; }
};
export const read = (r, c) => { c.variables.seen.n += 1; c.variables.last = r.status + JSON.parse(r.body).token; };
export const more = (c) => (c.variables.turns = (c.variables.turns ?? 0) + 1) <= 2;
export const joined = (a, b) => a + '+' + b;
export const table = () => ({ rows: [1, 2] });
export const slow = () => { const end = performance.now() + 60; while (performance.now() < end); };
export const copies = (r) => ({ ...r, body: 'own' });
export const copiesLater = async (r) => ({ ...r, body: 'own' });
export const lists = (r) => { r.headers.v = ['a']; };
export const objects = (r) => { r.body = { a: 1 }; };
export const invents = (r) => { r.path = '/other'; };
export const frames = (r) => { r.headers['content-length'] = '99'; };
export const numbers = (r) => { r.headers.v = 5; r.headers.w = undefined; r.url = new URL('/told', r.url); r.body = undefined; };
export const nothing = () => null;
export const nan = () => NaN;
export const divides = (c) => { c.variables.last = 1 / 0; };
export const breaks = (r) => { r.url = '/a\\r\\nb'; };
export const head = (r) => { r.method = 'HEAD'; };
export const get = (r) => { r.method = 'GET'; };
export const rewrites = (r) => { r.status = 500; };
export const waits = () => new Promise((done) => setTimeout(done, 60));
`;

function planOf(steps: PlanInput['scenarios'][number]['steps'], hooks: Partial<PlanInput['hooks']> = {}): Plan {
  const file = runs.write('hooks.mjs', MODULE);
  return lowerPlan(
    {
      name: 'x',
      hooks: { file, timeout: '200ms', ...hooks },
      scenarios: [{ name: 'all', steps }],
      phases: [{ name: 'p', kind: 'sustained', duration: '1s', open: { rate: 1 } }],
    },
    { feeders: [] },
  );
}

test.each([
  ['throws', 'call throws: no luck'],
  ['rejects', 'call rejects: bad day'],
  ['never', 'call never: did not come to an end within 200 ms'],
  ['loops', 'call loops: blocked its thread for more than 200 ms'],
  ['loopsLater', 'call loopsLater: blocked its thread for more than 200 ms'],
  ['ends', 'call ends: it ended its thread'],
  ['fails', 'call fails: later'],
])('a hook that %s is named and bounded, and no failure of the target', async (name, detail) => {
  const plan = planOf([{ get: '/before' }, { call: name }, { get: '/after' }]);
  const { arrivals, steps } = await runs.run(plan);
  expect(runs.lines).toEqual(['GET /before']);
  expect(arrivals).toMatchObject({ due: 1, started: 1, completed: 0, abandoned: 1 });
  const { 'GET /before': before, 'GET /after': after } = ledgersOf(plan, { steps } as never);
  expect(before).toMatchObject({ sent: 1, ok: 1, failed: 0 });
  expect(after).toMatchObject({ sent: 1, ok: 0, failed: 1, failures: { hook: 1 }, examples: { hook: detail } });
  expect(steps.get(1)?.responseTime.totalCount).toBe(0);
});

test.each([
  [
    'copies',
    {
      hook: 'beforeRequest copies: it returns a request of its own, which is not sent; change the one that it is given',
    },
  ],
  ['copiesLater', { hook: expect.stringContaining('a request of its own') }],
  ['lists', { hook: 'beforeRequest lists: headers.v is a list, and has to be text' }],
  ['objects', { hook: expect.stringContaining('body is an object, and has to be text, bytes or null') }],
  ['invents', { hook: expect.stringContaining('path') }],
  ['frames', { request: expect.anything() }],
  ['breaks', { request: expect.anything() }],
])('a change that can not be sent is a failure, and nothing is sent: %s', async (name, examples) => {
  const plan = planOf([{ post: '/', body: 'x', beforeRequest: name }]);
  const { 'POST /': ledger } = ledgersOf(plan, await runs.run(plan));
  expect(runs.lines).toEqual([]);
  expect(ledger?.failures).toEqual(Object.fromEntries(Object.keys(examples).map((kind) => [kind, 1])));
  expect(ledger?.examples ?? {}).toMatchObject('hook' in examples ? examples : {});
});

test('numbers, addresses and what has no value are sent as they can be; a reply can not be changed', async () => {
  const plan = planOf([
    { post: '/', body: 'x', beforeRequest: 'numbers' },
    { get: '/next', afterResponse: 'rewrites' },
  ]);
  const { 'GET /next': after } = ledgersOf(plan, await runs.run(plan));
  expect(runs.lines).toEqual(['POST /told', 'GET /next']);
  expect(after?.failures).toEqual({ hook: 1 });
});

test('a reply is read by the method that a hook has set', async () => {
  const plan = planOf([
    { get: '/', name: 'to head', timeout: '5s', beforeRequest: 'head' },
    { head: '/', name: 'to get', beforeRequest: 'get', capture: { token: '$.token' } },
    { get: '/{{ token }}' },
  ]);
  await runs.run(plan);
  expect(runs.lines).toEqual(['HEAD /', 'GET /', 'GET /tok']);
});

test('null that a function of a template returns is the whole of a JSON value, and no text', async () => {
  const plan = planOf([
    { post: '/whole', json: { v: '{{ nothing() }}' } },
    { post: '/text', body: '{{ nothing() }}' },
  ]);
  const { 'POST /text': text } = ledgersOf(plan, await runs.run(plan));
  expect(runs.seen.map(({ line, body }) => `${line} ${body}`)).toEqual(['POST /whole {"v":null}']);
  expect(text?.failures).toEqual({ request: 1 });
});

test.each(['{{ nan() }}', '{{ last }}'])('what is no number is not sent as null, nor as letters: %s', async (value) => {
  const plan = planOf([{ call: 'divides' }, { post: '/json', json: { v: value }, onFail: 'next' }], { sets: ['last'] });
  const { 'POST /json': ledger } = ledgersOf(plan, await runs.run(plan));
  expect(runs.lines).toEqual([]);
  expect(ledger?.examples).toEqual({
    request: `${value === '{{ nan() }}' ? 'nan()' : value} is ${value === '{{ nan() }}' ? 'NaN' : 'Infinity'}, which is no number`,
  });
});

test('calls that wait behind a blocked one are made in its next thread', async () => {
  const plan = planOf([{ call: 'start' }, { if: 'me == "u0"', steps: [{ call: 'loops' }] }, { get: '/{{ me }}' }], {
    sets: ['me'],
  });
  const { arrivals } = await runs.run(plan, 4);
  expect(arrivals).toMatchObject({ started: 4, completed: 3, abandoned: 1 });
  expect(runs.lines.toSorted()).toEqual(['GET /u1', 'GET /u2', 'GET /u3']);
});

test('what hooks change is sent, and what they set is read', async () => {
  const plan = planOf(
    [
      { get: '/a', name: 'first', query: { q: '{{ me }}' } },
      { post: '/b/{{ last }}', name: 'second', json: { j: '{{ joined(me, "x") }}', t: '{{ table() }}' } },
      { post: '/c', name: 'moved', body: 'old' },
      { while: 'more()', atMost: 9, steps: [{ get: '/again/{{ turns }}' }] },
      { if: 'more()', steps: [{ get: '/never' }], else: [{ get: '/{{ seen.n }}' }] },
      { while: 'false', atMost: 9, atLeastOnce: true, steps: [{ get: '/once' }] },
    ],
    { beforeJourney: 'start', beforeRequest: 'sign', afterResponse: 'read', sets: ['me', 'last', 'turns', 'seen'] },
  );
  const { arrivals, generator } = await runs.run(plan);
  expect(arrivals).toMatchObject({ completed: 1, abandoned: 0 });
  expect(runs.lines).toEqual([
    'GET /a?q=u0',
    'POST /b/200tok',
    'PUT /elsewhere?a=1',
    'GET /again/1',
    'GET /again/2',
    'GET /5',
    'GET /once',
  ]);
  expect(runs.seen[1]).toMatchObject({
    headers: { 'x-sign': 'second POST /b/200tok {"j":"u0+x","t":{"rows":[1,2]}}' },
    body: '{"j":"u0+x","t":{"rows":[1,2]}}',
  });
  expect(runs.seen[2]).toMatchObject({ headers: { 'x-sign': 'moved POST /c old' }, body: 'new' });
  expect(runs.seen.map(({ headers }) => 'user-agent' in headers)).toEqual(runs.seen.map(() => false));
  expect(Object.fromEntries(Object.entries(generator.hooks ?? {}).map(([name, { calls }]) => [name, calls]))).toEqual({
    'beforeJourney start': 1,
    'beforeRequest sign': 7,
    'afterResponse read': 7,
    'function joined': 1,
    'function table': 1,
    'while more': 3,
    'if more': 1,
  });
});

test('an address that no plan may load is no request, whatever a hook says', async () => {
  runs.write('away.mjs', 'export const away = (r) => { r.url = "http://example.com/"; };');
  const plan = planOf([{ get: '/a', beforeRequest: 'away' }], { file: `${runs.folder}/away.mjs` });
  const { steps } = await runs.run(plan);
  expect(runs.lines).toEqual([]);
  expect(steps.get(0)?.ledger.failures).toEqual({ request: 1 });
});

test("what a hook does is the generator's lateness, and what it waits for is none", async () => {
  const busy = await runs.run(planOf([{ get: '/a' }, { call: 'slow' }, { get: '/b' }]));
  expect(busy.generator.hooks?.['call slow']).toMatchObject({ calls: 1 });
  expect(busy.generator.hooks?.['call slow']?.busyUs).toBeGreaterThanOrEqual(60_000);
  expect(valueAt(busy.startDelay, 100)).toBeGreaterThanOrEqual(59_000);
  const idle = await runs.run(planOf([{ get: '/a' }, { call: 'waits' }, { get: '/b' }]));
  expect(idle.generator.hooks?.['call waits']?.busyUs).toBeLessThan(30_000);
});

test.each([
  ['export const a = 1;', 'it exports no function joined'],
  ['throw new Error("broken");', 'it fails when it is loaded: broken'],
  ['import "./not-there.mjs";', 'it fails when it is loaded: Cannot find module'],
])('the module %j is refused before anything is sent', async (text, why) => {
  const plan = planOf([{ get: '/{{ joined(1, 2) }}' }], { file: runs.write('bad.mjs', text) });
  await expect(beginHooks(plan, runs.target)).rejects.toMatchObject({
    code: 'E-HOOKS',
    message: expect.stringContaining(why),
  });
});

test('a plan without hooks starts no thread', async () => {
  const { hooks: _, ...plan } = planOf([{ get: '/a' }]);
  expect(await beginHooks(plan, runs.target)).toBeUndefined();
});
