import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { PlimsollError } from '../../../../lib/errors.ts';
import { scriptOf } from '../../../../lib/converters/converter.ts';
import { artilleryScripts } from '../../../../lib/converters/artillery/artillery.ts';
import { jsonPathOf } from '../../../../lib/converters/artillery/captures.ts';
import { durationText, msOf } from '../../../../lib/converters/artillery/durations.ts';
import { converted, flowOf } from './converted.ts';

const SHOP = `
config:
  target: "{{ $env.SHOP }}/"
  http: { timeout: 4, pool: 10 }
  defaults: { headers: { X-Key: "{{ $processEnvironment.KEY }}" } }
  variables:
    city: [York, Leeds]
    user: { name: ann }
    auth: "Bearer {{ $env.KEY }}"
  payload:
    - { path: data/users.csv, fields: [email, age], order: sequence, skipHeader: true }
    - { path: words.csv, fields: [word], delimiter: ";" }
  environments:
    staging: { target: http://127.0.0.1:9999 }
  ensure: { p95: 300, maxErrorRate: 1, thresholds: [{ vusers.created: 5 }] }
  phases:
    - { duration: 60, arrivalRate: 2, name: Warm up }
    - { pause: 10 }
    - { duration: 2m, arrivalRate: 2, rampTo: 20, maxVusers: 50, name: Peak }
    - { duration: 30, arrivalCount: 10, name: Cool down }
before: { flow: [{ post: { url: /login, capture: { json: $.token, as: token } } }] }
scenarios:
  - name: buy
    weight: 3
    flow:
      - post: { url: "/{{ city }}", headers: { authorization: "{{ auth }}", x-token: "{{ token }}" }, json: { email: "{{ email }}", age: "{{ age }}", name: "{{ user.name }}", word: "{{ word }}" } }
  - name: talk
    engine: ws
    flow: [{ send: hi }]
`;

const WORLD = {
  files: { 'data/users.csv': 'mail,years\nann@example.test,41\nben@example.test,37\n', 'words.csv': 'a,b;\n"c;d";\n' },
  env: { SHOP: 'http://127.0.0.1:8080', KEY: 'secret' },
};

test('a script with most of what a configuration may hold', async () => {
  const { text, said, files } = await converted(SHOP, WORLD);
  expect(text).toBe(`# Converted from the Artillery script shop.yml
# (sha256 ${'0'.repeat(64)}).
name: shop
target: http://127.0.0.1:8080
timeout: 4s
onFail: next
redirects: follow
headers:
  X-Key: "{{ $env(KEY) }}"
variables:
  city: { pick: [ York, Leeds ] }
  user: { name: ann }
feeders:
  users: { file: users.csv }
  words: { file: words.csv, order: random }
objectives: [ p95 < 300ms, errors <= 1% ]

setup:
  - { post: /login, capture: { token: $.token } }

scenarios:
  - name: buy
    weight: 3
    steps:
      - post: /{{ city }}
        headers: { authorization: "Bearer {{ $env(KEY) }}", x-token: "{{ token }}" }
        json:
          email: "{{ users.email }}"
          age: "{{ users.age | raw }}"
          name: "{{ user.name }}"
          word: "{{ words.word }}"

phases:
  - { name: Warm up, kind: warm-up, duration: 1m, open: { rate: 2 } }
  - { name: pause of 10s, kind: sustained, duration: 10s, open: { rate: 0 } }
  - { name: Peak, kind: stress, duration: 2m, open: { ramp: { from: 2, to: 20 }, most: 50 } }
  - { name: Cool down, kind: recovery, duration: 30s, open: { rate: 0.333334 } }
`);
  expect(files).toEqual({
    'users.csv': 'email,age\nann@example.test,41\nben@example.test,37\n',
    'words.csv': 'word\n"a,b"\nc;d\n',
  });
  expect(said.filter((line) => line.includes('left out'))).toEqual([
    '28 left out: the scenario talk of the engine ws; a plan sends HTTP',
    '15 left out: the check vusers.created < 5, which no objective of a plan says',
  ]);
});

test('the same input gives the same bytes, and an environment lies over the rest', async () => {
  const [one, other] = [await converted(SHOP, WORLD), await converted(SHOP, WORLD)];
  expect(one.text).toBe(other.text);
  expect((await converted(SHOP, { ...WORLD, environment: 'staging' })).plan.target).toBe('http://127.0.0.1:9999');
});

test.each(['warm-up', 'sustained'])('the sample %s becomes a plan of which nothing is left out', async (name) => {
  const script = readFileSync(`examples/artillery/${name}.yml`, 'utf8');
  const { said, plan } = await converted(script, { files: { '../../plans/accounts.csv': 'customer,trade\na,b\n' } });
  expect(said.filter((line) => line.includes('left out'))).toEqual([]);
  expect(plan.scenarios.length).toBeGreaterThan(0);
});

test('no secret of the environment gets into the plan', async () => {
  expect((await converted(SHOP, WORLD)).text).not.toContain('secret');
});

test('n arrivals in a time are n', async () => {
  for (const [count, seconds] of [
    [10, 30],
    [7, 60],
    [1, 3],
    [180, 60],
  ] as const) {
    const { plan } = await converted(
      flowOf('{ get: { url: / } }').replace(
        'duration: 1, arrivalRate: 1',
        `duration: ${seconds}, arrivalCount: ${count}`,
      ),
    );
    const [segment] = plan.phases[0]?.segments ?? [];
    expect(Math.floor(Number(JSON.stringify(segment).match(/"from":([\d.]+)/)?.[1]) * seconds + 1e-9)).toBe(count);
  }
});

const refusal = async (script: string): Promise<string> => {
  try {
    await converted(script);
    return '';
  } catch (error) {
    return error instanceof PlimsollError ? `${error.code} ${error.message} ${error.details.join(' ')}` : String(error);
  }
};

test.each([
  [
    'config: { target: http://x }\nscenarios: [{ engine: playwright, flow: [] }]',
    /E-SCRIPT-REFUSED .* shop.yml:2 the scenario scenario 1 of the engine playwright/,
  ],
  ['config: { target: http://x }\nscenarios: [{ flow: [{ emit: a }] }]', /E-SCRIPT-REFUSED .*nothing is left/],
  ['config: [\nscenarios:\n  - flow: [', /E-SCRIPT-REFUSED shop.yml is no YAML/],
  ['config: { __proto__: { a: 1 } }\nscenarios: [{ flow: [{ get: { url: / } }] }]', /E-SCRIPT-REFUSED/],
  [
    `config: ${'['.repeat(5_000_000)}\nscenarios:\n  - flow: []`,
    /E-SCRIPT-REFUSED shop.yml is no YAML.*is nested too deep/,
  ],
  [
    `scenarios:\n  - flow:\n${'    - think: 1\n'.repeat(100_000)}`,
    /E-SCRIPT-REFUSED shop.yml is no YAML.*is YAML of 2\d{5} values/,
  ],
])('refuses %.60j', async (script, wanted) => {
  expect((await refusal(script)).replaceAll('\n', ' ')).toMatch(wanted);
});

test.each([
  ['config: { target: a }\nscenarios: []', true],
  ['{"scenarios": [{"flow": []}]}', true],
  ['name: a plan\nscenarios: [{ name: a, steps: [{ get: / }] }]', false],
  ['flow: 1', false],
  ['', false],
])('recognises %j: %p', (text, is) => {
  expect(artilleryScripts.recognises(scriptOf('a', text))).toBe(is);
});

test('a scenario that only rests sends nothing, and is told', async () => {
  const { input, said } = await converted('config: { target: http://x }\nscenarios: [{ flow: [{ think: 1 }] }]');
  expect(input.scenarios[0]?.steps).toEqual([
    { pause: '1s' },
    { if: 'false', steps: [{ get: '/', name: 'nothing is sent' }] },
  ]);
  expect(said).toContain('2 noted: the scenario scenario 1 sends nothing');
});

test('times are as the package ms reads them', () => {
  const known = [5, '5', '5s', '2 minutes', '1.5h', '100ms', '10', 'soon', '', null].map(msOf);
  expect(known).toEqual([5000, 5000, 5000, 120_000, 5_400_000, 100, 10_000, undefined, undefined, undefined]);
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (ms) => msOf(durationText(ms)) === ms));
});

test.each([
  ['$.a.0.b', '$.a[0].b'],
  ['id', '$.id'],
  ['[0].id', '$[0].id'],
  ['$.a-b.c', "$['a-b'].c"],
  ['$.list[(@.length-1)]', '$.list[-1]'],
  ["$.list[?(@.a === 'b')].c", "$.list[?(@.a == 'b')].c"],
  ['$.length', undefined],
  ['$.[', undefined],
])('the path %s', (written, path) => {
  expect(jsonPathOf(written)).toBe(path);
});

test('no text of a script breaks the conversion: a plan comes out, or a refusal with a code', async () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constantFrom('{{ a }}', '{{ $b() }}', '{{', '$.[', '/x', null, true),
  );
  const value = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('json', 'as', 'url', 'value'), scalar),
  );
  const params = fc.dictionary(
    fc.constantFrom(
      'url',
      'json',
      'body',
      'form',
      'qs',
      'headers',
      'capture',
      'expect',
      'match',
      'ifTrue',
      'probability',
      'cookie',
      'auth',
    ),
    value,
  );
  const step = fc.oneof(
    fc.record({ post: params }),
    fc.record({ get: params }),
    fc.record({ think: value }),
    fc.record({ loop: fc.array(fc.record({ get: params })), count: scalar }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 4 }), value, async (flow, duration) => {
      const script = JSON.stringify({
        config: { target: 'http://x', phases: [{ duration, arrivalRate: 1 }] },
        scenarios: [{ flow }],
      });
      const said = await refusal(script);
      expect(said === '' || /^E-(?:SCRIPT-REFUSED|PLAN-INVALID)/.test(said) ? '' : said).toBe('');
    }),
    { numRuns: 150 },
  );
});
