import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { converted, flowOf } from './converted.ts';

/** A step of a flow, and the steps of the plan that it becomes. */
const STEPS: readonly (readonly [string, string])[] = [
  ['{ get: { url: /a } }', '[{ get: /a }]'],
  ['{ post: { url: /a, json: { n: 1 }, headers: { X-A: b } } }', '[{ post: /a, headers: { X-A: b }, json: { n: 1 } }]'],
  ['{ put: { url: /a, body: text, name: put it } }', '[{ put: /a, name: put it, body: text }]'],
  ['{ get: { url: "/a?b=1", qs: { c: [1, 2] } } }', '[{ get: /a, query: { c: [1, 2] } }]'],
  ['{ patch: { url: /a, form: { b: 1 } } }', '[{ patch: /a, form: { b: 1 } }]'],
  ['{ get: { url: /a, auth: { user: u, pass: p } } }', '[{ get: /a, headers: { authorization: Basic dTpw } }]'],
  ['{ get: { url: /a, cookie: { s: 1, t: 2 } } }', '[{ get: /a, headers: { cookie: s=1; t=2 } }]'],
  ['{ get: { url: /a, followRedirect: false } }', '[{ get: /a, redirects: stay }]'],
  ['{ get: { url: "/{{ $randomNumber(9, 1) }}" } }', '[{ get: "/{{ $randomInt(1, 9) }}" }]'],
  ['{ get: { url: "/{{ $randomString() }}" } }', '[{ get: "/{{ $randomString(10) }}" }]'],
  ['{ get: { url: "/{{{ $env.TOKEN }}}" } }', '[{ get: "/{{ $env(TOKEN) }}" }]'],
  ['{ think: 2 }', '[{ pause: 2s }]'],
  ['{ think: 1.5s }', '[{ pause: 1500ms }]'],
  ['{ think: 10, jitter: 20% }', '[{ pause: { min: 8s, max: 12s } }]'],
  ['{ think: "{{ $randomNumber(1, 3) }}" }', '[{ pause: { min: 1s, max: 3s } }]'],
  ['{ log: hello }', '[]'],
  ['{ loop: [{ get: { url: /a } }], count: 3 }', '[{ loop: { times: 3, steps: [{ get: /a }] } }]'],
  [
    '{ loop: [{ get: { url: "/{{ $loopCount }}" } }], count: 2-5 }',
    '[{ loop: { times: 3, as: loopCount, from: 2, steps: [{ get: "/{{ loopCount }}" }] } }]',
  ],
  [
    '{ loop: [{ get: { url: "/{{ $loopElement.id }}" } }], over: [{ id: 7 }] }',
    '[{ loop: { over: loopElements, as: loopElement, steps: [{ get: "/{{ loopElement.id }}" }] } }]',
  ],
  ['{ loop: [{ get: { url: /a } }] }', '[{ while: "true", atMost: 100000, steps: [{ get: /a }] }]'],
  ['{ parallel: [{ get: { url: /a } }, { get: { url: /b } }] }', '[{ get: /a }, { get: /b }]'],
  [
    '{ get: { url: /a, probability: 20 } }',
    '[{ choose: [{ weight: 20, steps: [{ get: /a }] }, { weight: 80, steps: [] }] }]',
  ],
  ['{ get: { url: /a, capture: { json: $.id, as: id } } }', '[{ get: /a, capture: { id: $.id } }]'],
  [
    '{ get: { url: /a, capture: [{ json: "$.list[*].id", as: id }, { json: a.0.b, as: b, strict: false }] } }',
    '[{ get: /a, capture: { id: { json: "$.list[*].id", match: random }, b: { json: "$.a[0].b", optional: true } } }]',
  ],
  [
    '{ get: { url: /a, capture: [{ regexp: "x(?<n>y)", as: a }, { regexp: "x(?<n>y)", group: n, flags: gi, as: b }] } }',
    '[{ get: /a, capture: { a: { regex: "x(?<n>y)", group: 0 }, b: { regex: "(?i:x(?<n>y))", group: 1 } } }]',
  ],
  ['{ get: { url: /a, capture: { header: X-Id, as: id } } }', '[{ get: /a, capture: { id: { header: x-id } } }]'],
  [
    '{ get: { url: /a, expect: [{ statusCode: [200, 201] }, { contentType: json }, { hasProperty: a.b }] } }',
    '[{ get: /a, expect: { status: [200, 201], header: { content-type: json }, body: { json: { $.a.b: { exists: true } } } } }]',
  ],
  ['{ get: { url: /a, expect: { notStatusCode: 500 } } }', '[{ get: /a, expect: { status: { not: 500 } } }]'],
  [
    '{ get: { url: /a, match: { json: $.a, value: 1 } } }',
    '[{ get: /a, onFail: end, expect: { status: any, body: { json: { $.a: 1 } } } }]',
  ],
  [
    '{ post: { url: /a, formData: { a: 1, f: { fromFile: ./x.pdf, contentType: application/pdf } } } }',
    '[{ post: /a, multipart: { a: 1, f: { file: x.pdf, type: application/pdf } } }]',
  ],
];

test.each(STEPS)('%s', async (step, steps) => {
  const { input } = await converted(flowOf(step, '{ get: { url: /end } }'), {
    files: { './x.pdf': 'pdf' },
    env: { TOKEN: 't' },
  });
  expect(input.scenarios[0]?.steps).toEqual([...(parse(steps) as unknown[]), { get: '/end' }]);
});

/** What is said of a step, which is line 8. */
const SAID: readonly (readonly [string, string])[] = [
  ['{ get: { url: /a, afterResponse: lacking } }', '8 noted: afterResponse lacking, which no processor has'],
  ['{ emit: { channel: a } }', '8 left out: the step emit, which is no request of HTTP'],
  ['{ get: { uri2: /a } }', '8 left out: a get without a url, with which Artillery ends the journey'],
  ['{ get: { url: /a, headers: { "<name>": 1 } } }', '8 left out: "<name>" is no name of a header'],
  ['{ get: { url: /a, think: 1 } }', '8 noted: think of a request, which Artillery ignores'],
  ['{ get: { url: "/{{ lacking }}" } }', '8 noted: nothing gives lacking a value; Artillery sends undefined'],
  ['{ get: { url: "/{{ $now() }}" } }', '8 noted: Artillery has no $now(), and sends undefined'],
  [
    '{ get: { url: /a, capture: { xpath: "//a[b]", as: a } } }',
    "8 left out: the capture by xpath, which a plan doesn't have",
  ],
  [
    '{ get: { url: /a, capture: { json: "$.[", as: a } } }',
    '8 left out: the capture $.[, which is no JSONPath of RFC 9535',
  ],
  ['{ get: { url: /a, expect: { cdnHit: true } } }', "8 left out: the expectation cdnHit: a plan doesn't have it"],
  [
    '{ get: { url: /a, ifTrue: "a === 1" } }',
    "8 noted: the condition a === 1, which Artillery can't read; it always sends the request",
  ],
  ['{ think: "{{ lacking }}" }', '8 left out: a pause of "{{ lacking }}", which is no fixed time'],
];

test.each(SAID)('of %s is said with its line', async (step, line) => {
  const script = flowOf(step, '{ get: { url: /end } }').replace('  plugins', '  processor: p.js\n  plugins');
  const { said } = await converted(script, { files: { 'p.js': 'exports.f = () => {}' } });
  expect(said).toContain(line.replace('8', '9'));
});

/** A step, what it becomes, and what a script with code knows besides. */
const CALLED: readonly (readonly [string, string])[] = [
  ['{ function: f }', '[{ call: f }]'],
  [
    '{ get: { url: /a, beforeRequest: f, afterResponse: [f, f] } }',
    '[{ get: /a, beforeRequest: f, afterResponse: [f, f] }]',
  ],
  ['{ get: { url: /a, ifTrue: f } }', '[{ if: f(), steps: [{ get: /a }] }]'],
  [
    '{ loop: [{ get: { url: /a } }], whileTrue: f }',
    '[{ while: f(), atMost: 100000, atLeastOnce: true, as: loopCount, steps: [{ get: /a }] }]',
  ],
  ['{ get: { url: "/{{ set.id }}/{{ $made(1, 2) }}" } }', '[{ get: "/{{ set.id }}/{{ made(1, 2) }}" }]'],
  ['{ get: { url: /a, capture: { xpath: //a, as: a } } }', '[{ get: /a, capture: { a: { xml: //a } } }]'],
  [
    '{ get: { url: /a, capture: { selector: "a.b", attr: href, index: random, as: a } } }',
    '[{ get: /a, capture: { a: { html: "a.b@href", match: random } } }]',
  ],
  [
    '{ post: { url: /a, json: ["{{ none }}", "{{ $randomNumber(1, 2) }}"], qs: { a: "{{ none }}" } } }',
    `[{ post: /a, json: [null, '{{ $randomInt(1, 2) }}{{ "" }}'], query: { a: "" } }]`,
  ],
  ['{ post: { url: /a, form: { a: [1, 2] } } }', '[{ post: /a, form: { a: "1,2" } }]'],
  [
    '{ post: { url: /a, json: { a: "{{ none }}", b: 1 }, headers: { c: "{{ none }}" } } }',
    '[{ post: /a, json: { b: 1 } }]',
  ],
];

test.each(CALLED)('of a script with a processor %s', async (step, steps) => {
  const script = flowOf(step, '{ get: { url: /end } }').replace('  plugins', '  processor: p.js\n  plugins');
  const { input, said, plan } = await converted(script, {
    files: { 'p.js': 'exports.f = (c) => { c.vars.set = { id: 1 }; c.funcs.$made = () => 1; }' },
  });
  expect(input.scenarios[0]?.steps).toEqual([...(parse(steps) as unknown[]), { get: '/end' }]);
  expect(said.filter((line) => line.includes('left out'))).toEqual([]);
  expect(plan.hooks?.module ?? '/plans/p.js').toBe('/plans/p.js');
});

test('a processor sees of the environment what the script names, and what it lacks is said', async () => {
  const script = flowOf('{ get: { url: "/{{ $env.NAMED }}", beforeRequest: f } }').replace(
    '  plugins',
    '  processor: ./p\n  plugins',
  );
  const { input, said } = await converted(script, {
    files: { './p.ts': 'export const f = () => process.env.NAMED + process.env.OTHER;' },
    env: { NAMED: 'x' },
  });
  expect(input.hooks).toEqual({ file: './p.ts', signatures: 'processor', timeout: '10s', env: ['NAMED'] });
  expect(said).toContain(
    '3 changed: ./p.ts reads OTHER of the environment, and sees it only where the script names it',
  );
});

test('functions of a processor that is not there are left out', async () => {
  const script = flowOf('{ function: f }', '{ get: { url: / } }').replace('  plugins', '  processor: p.js\n  plugins');
  expect((await converted(script)).said).toEqual(["9 left out: the function f, of a processor that can't be read"]);
});

test('one of several files is a request for each', async () => {
  const script = flowOf('{ post: { url: /up, formData: { doc: { fromFile: "./files/{{ name }}" } } } }').replace(
    '  plugins',
    '  variables: { name: [a.txt, b.txt] }\n  plugins',
  );
  const { input } = await converted(script, { files: { './files/a.txt': 'a', './files/b.txt': 'b' } });
  expect(input.scenarios[0]?.steps).toEqual(
    ['a.txt', 'b.txt'].map((file) => ({
      if: `name == "${file}"`,
      steps: [{ post: '/up', multipart: { doc: { file } } }],
    })),
  );
});

test('a condition is said in the words of the plan, and no code is asked for it', async () => {
  const script = flowOf(
    '{ get: { url: /a, capture: { json: $.n, as: n } } }',
    '{ get: { url: /b, ifTrue: "n > 1 and n < 5" } }',
  );
  const { input, said } = await converted(script);
  expect(input.scenarios[0]?.steps[1]).toEqual({ if: 'n > 1 and n < 5', steps: [{ get: '/b' }] });
  expect(said).toEqual([]);
});

/** What filtrex 2 makes of names without a value: nothing is equal to them but each other. */
test.each([
  ['lacking', 'null'],
  ['lacking == 1 or not lacking', 'null == 1 or not null'],
  ['n == true', 'n == null'],
  ['n == "lacking"', 'n == "lacking"'],
])('the condition %s is %s', async (written, said) => {
  const script = flowOf(
    '{ get: { url: /a, capture: { json: $.n, as: n } } }',
    `{ get: { url: /b, ifTrue: '${written}' } }`,
  );
  expect((await converted(script)).input.scenarios[0]?.steps[1]).toEqual({ if: said, steps: [{ get: '/b' }] });
});

test('a name that the processor sets is asked for, and has no value before', async () => {
  const script = flowOf('{ get: { url: "/{{ mine }}", ifTrue: mine, beforeRequest: f } }').replace(
    '  plugins',
    '  processor: p.js\n  plugins',
  );
  const { input } = await converted(script, { files: { 'p.js': 'exports.f = (c) => { c.vars.mine = 1; }' } });
  expect(input.scenarios[0]?.steps).toEqual([{ if: 'mine()', steps: [{ get: '/{{ mine }}', beforeRequest: 'f' }] }]);
  expect(input.hooks?.sets).toEqual({ mine: 'undefined' });
});

test('of a column with a header among its numbers each value is what it is in JSON', async () => {
  const script = flowOf('{ post: { url: "/{{ n }}", json: { n: "{{ n }}", text: "n{{ n }}" } } }').replace(
    '  plugins',
    '  payload: { path: rows.csv, fields: [n] }\n  plugins',
  );
  const { input, files } = await converted(script, { files: { 'rows.csv': 'n\n7\n' } });
  expect(files['rows.csv']).toBe('n,n-json\nn,"""n"""\n7,7\n');
  expect(input.scenarios[0]?.steps).toEqual([
    { post: '/{{ rows.n }}', json: { n: '{{ rows.n-json | raw }}', text: 'n{{ rows.n }}' } },
  ]);
});
