import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { artilleryScripts } from '../../../lib/converters/artillery/artillery.ts';
import { scriptOf } from '../../../lib/converters/converter.ts';
import { planFromObject } from '../../../lib/plan/parse.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import { filled, randomNumber } from '../../../loadgen/hooks/processor-template.ts';
import { HookedRuns, ledgersOf } from './hooked-run.ts';

let runs: HookedRuns;
beforeAll(async () => {
  runs = await HookedRuns.begin();
});
afterAll(async () => {
  await runs[Symbol.asyncDispose]();
});

async function planOf(script: string, processor: string, files: Readonly<Record<string, string>> = {}): Promise<Plan> {
  for (const [name, text] of Object.entries({ 'code.cjs': processor, ...files })) runs.write(name, text);
  const read = (name: string): Promise<Uint8Array> => readFile(join(runs.folder, name));
  const {
    plan,
    files: beside,
    differences,
  } = await artilleryScripts.convert(scriptOf('shop.yml', script), {
    read,
    env: process.env,
  });
  expect(differences.filter(({ effect }) => effect === 'left out')).toEqual([]);
  return planFromObject(plan, {
    readBytes: (name) => Promise.resolve(beside[basename(name)] ?? Buffer.of()),
    pathOf: (name) => join(runs.folder, name),
    signalIds: [],
    env: process.env,
  });
}

const scriptWith = (rest: string): string => `config:
  target: http://127.0.0.1:1
  processor: ./code.cjs
${rest}`;

test('functions are called with what Artillery gives them, by callback or with a promise', async () => {
  const plan = await planOf(
    scriptWith(`
  variables: { base: 3 }
  payload: { path: users.csv, fields: [email, user-id] }
scenarios:
  - beforeScenario: start
    afterScenario: end
    beforeRequest: [everywhere]
    afterResponse: remember
    flow:
      - function: login
      - get: { url: "/a/{{ mine }}/{{ $loopCount }}", beforeRequest: later }
      - loop:
          - post: { url: /turn, json: { n: "{{ $loopCount }}", kind: "{{ kind }}" } }
        whileTrue: again
      - post: { url: /json, json: { a: 1 }, beforeRequest: body }
      - post: { url: /form, form: { a: 1 }, beforeRequest: query }
      - get: { url: /yes, ifTrue: isReady }
      - get: { url: /no, ifTrue: isNever }
      - loop:
          - get: { url: "/loop/{{ $loopCount }}", beforeRequest: seesLoop }
        count: 2
      - get: { url: "/{{ last }}/{{ never }}", headers: { x-lacking: "{{ never }}" } }
`),
    `
module.exports = {
  start(context, events, done) { context.funcs.$twice = (n) => n * 2; context.vars.mine = context.vars.base + 1; context.vars.kind = 'k'; events.emit('counter', 'x', 1); done(); },
  end: async (context) => { context.vars.left = true; },
  everywhere(request, context, events, next) { request.headers['X-Email'] = context.vars.email + context.vars['user-id']; next(); },
  later: async (request, context) => { await null; request.url = request.url.replace('/a/', '/A/') + '?{{ kind }}'; },
  remember(request, response, context, events, next) { context.vars.last = response.statusCode + JSON.parse(response.body).token; next(); },
  login: async (context, events) => { context.client = () => 1; },
  again(context, next) { context.vars.turns = (context.vars.turns || 0) + 1; next(context.vars.turns < 3); },
  body(request, context, events, next) { request.json.b = '{{ mine }}'; next(null); },
  query(request, context, events, next) { request.form = { z: 'é' }; request.method = 'PUT'; request.searchParams = { q: 1 }; next(); },
  seesLoop(request, context, events, next) { request.headers['x-loop'] = context.vars.$loopCount; next(); },
  isReady: (vars) => vars.mine === 4,
  isNever: (vars) => vars.mine !== 4,
  never() {},
};`,
    { 'users.csv': 'ann@x,7\n' },
  );
  const { arrivals } = await runs.run(plan);
  expect(runs.lines).toEqual([
    'GET /A/4/undefined?k',
    'POST /turn',
    'POST /turn',
    'POST /turn',
    'POST /json',
    'PUT /form?q=1',
    'GET /yes',
    'GET /loop/0',
    'GET /loop/1',
    'GET /200tok/undefined',
  ]);
  expect(arrivals).toMatchObject({ completed: 1 });
  expect(runs.seen.map(({ headers }) => headers['x-email'])).toEqual(runs.seen.map(() => 'ann@x7'));
  expect(runs.seen.slice(1, 6).map(({ body }) => body)).toEqual([
    ...[0, 1, 2].map((n) => `{"n":${n},"kind":"k"}`),
    '{"a":1,"b":4}',
    'z=%C3%A9',
  ]);
  expect(runs.seen.slice(7, 9).map(({ headers }) => headers['x-loop'])).toEqual(['0', '1']);
});

test.each([
  ['done(new Error("no"))', 'call f: no'],
  ['done({ code: 5 })', 'call f: {"code":5}'],
  ['done({ message: "said" })', 'call f: said'],
  ['throw new Error("thrown")', 'call f: thrown'],
])('a function that says %s ends its journey', async (code, detail) => {
  const plan = await planOf(
    scriptWith('scenarios: [{ flow: [{ function: f }, { get: { url: /after } }] }]'),
    `exports.f = (context, events, done) => { ${code}; };`,
  );
  const { steps } = await runs.run(plan);
  expect(runs.lines).toEqual([]);
  expect(ledgersOf(plan, { steps } as never)['GET /after']).toMatchObject({ examples: { hook: detail } });
});

test('of the environment a processor sees what the script names, and no more', async () => {
  Object.assign(process.env, { PLIMSOLL_TEST_NAMED: 'named', PLIMSOLL_TEST_SECRET: 'secret' });
  const plan = await planOf(
    scriptWith(
      '  variables: { a: "{{ $env.PLIMSOLL_TEST_NAMED }}" }\nscenarios: [{ flow: [{ get: { url: /, beforeRequest: f } }] }]',
    ),
    `exports.f = (request, context, events, next) => {
      request.headers.seen = JSON.stringify([Object.keys(process.env), process.env.PLIMSOLL_TEST_NAMED, context.vars.$env]);
      next();
    };`,
  );
  await runs.run(plan);
  expect(JSON.parse(String(runs.seen[0]?.headers['seen']))).toEqual([
    ['PLIMSOLL_TEST_NAMED'],
    'named',
    { PLIMSOLL_TEST_NAMED: 'named' },
  ]);
  delete process.env['PLIMSOLL_TEST_SECRET'];
});

test('TypeScript is read as bundlers read it: endings, folders, and modules whatever their package says', async () => {
  mkdirSync(join(runs.folder, 'lib'));
  runs.write('package.json', '{ "type": "commonjs" }');
  runs.write('helper.ts', "export const one: string = 'one';");
  runs.write('lib/index.ts', "export const two: string = 'two';");
  runs.write(
    'code.ts',
    `import { one } from './helper.js';
import { two } from './lib';
export async function f(request: { headers: Record<string, string> }) { request.headers['x-read'] = one + two; }`,
  );
  const script = scriptWith('scenarios: [{ flow: [{ get: { url: /, beforeRequest: f } }] }]').replace('.cjs', '.ts');
  await runs.run(await planOf(script, ''));
  expect(runs.seen[0]?.headers['x-read']).toBe('onetwo');
});

test('a name that is not set yet is undefined in texts, and no reason to send', async () => {
  const plan = await planOf(
    scriptWith(`scenarios:
  - flow:
      - get: { url: "/a/{{ mine }}", ifTrue: mine }
      - get: { url: "/b/{{ mine }}" }
      - function: f
      - get: { url: "/c/{{ mine }}", ifTrue: mine == 7 }
`),
    'exports.f = (context, events, done) => { context.vars.mine = 7; done(); };',
  );
  await runs.run(plan);
  expect(runs.lines).toEqual(['GET /b/undefined', 'GET /c/7']);
});

test.each([
  ['plain', 'plain'],
  ['{{ a }}', 1],
  ['{{ a }}{{a}}', '11'],
  ['{{{ o.list[1].b }}}', true],
  ['x{{ o }}', 'x{"list":[0,{"b":true}]}'],
  ['x{{ lacking.b }}', 'xundefined'],
  ['{{ lacking }}', undefined],
  ['{{ $double(4) }}', 8],
  [
    ['{{ a }}', { '{{ a }}': '{{ a }}' }],
    [1, { '1': 1 }],
  ],
  [new Date(0), new Date(0)],
])('%j is filled in as %j', (text, wanted) => {
  const vars = { a: 1, o: { list: [0, { b: true }] } };
  expect(filled(text, { vars, funcs: { $double: (n: number) => 2 * n } })).toEqual(wanted);
});

test("a random number is within its bounds, and lodash's without them", () => {
  const drawn = [randomNumber(), randomNumber(3), randomNumber(5, 4)];
  expect(drawn.every((each, i) => each >= [0, 0, 4][i]! && each <= [1, 3, 5][i]!)).toBe(true);
});
