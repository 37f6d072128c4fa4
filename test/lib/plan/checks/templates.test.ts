import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'a variable as shells write it, in a path',
    { step: '{ get: "/jobs/${job_id}" }' },
    '6:12 scenarios[0].steps[0].get: "${job_id}" is no template; write {{ job_id }}, or $%7Bjob_id%7D where it is to be sent as it stands',
  ],
  [
    'a variable as Gatling writes it, in a query',
    { top: 'variables: { id: 1 }', step: '{ get: /, query: { user: "#{id}" } }' },
    '6:30 scenarios[0].steps[0].query.user: "#{id}" is no template; write {{ id }}, or {{ \'#{id}\' }} where it is to be sent as it stands',
  ],
  [
    'a segment of a path as OpenAPI writes it, behind a template',
    { top: 'variables: { a: 1 }', step: '{ get: "/{{ a }}/{id}?x=1" }' },
    '6:12 scenarios[0].steps[0].get: "{id}" is no template; write {{ id }}, or %7Bid%7D where it is to be sent as it stands',
  ],
  [
    'a known variable as JMeter writes it, in a header of the plan',
    { top: 'headers: { a: "Bearer ${token}" }', step: '{ get: /, capture: { token: $.token } }' },
    '2:15 headers.a: "${token}" is no template; write {{ token }}, or {{ \'${token}\' }} where it is to be sent as it stands',
  ],
  [
    'a template never closed',
    { step: '{ get: "/{{ id" }' },
    '6:12 scenarios[0].steps[0].get: {{ id is never closed; end it with }}',
  ],
  [
    'a template of nothing',
    { step: '{ get: "/{{ 1 + 1 }}" }' },
    '6:12 scenarios[0].steps[0].get: {{ 1 + 1 }} is neither a name nor a built-in such as $uuid',
  ],
  [
    'three braces',
    { step: '{ get: "/{{{ id }}}" }' },
    '6:12 scenarios[0].steps[0].get: {{{ id }} has three braces; write {{ name }}, or {{ name | raw }} for a value that is not to be encoded',
  ],
  [
    'no built-in',
    { step: '{ get: "/{{ $uid }}" }' },
    '6:12 scenarios[0].steps[0].get: {{ $uid }} is no built-in; there are $uuid, $now, $user, $iteration, $randomInt, $randomString, $pick, $env, $base64, $base64url, $digest, $hmac, $jwt',
  ],
  [
    'a function of no module',
    { step: '{ get: "/{{ sign(1) }}" }' },
    '6:12 scenarios[0].steps[0].get: {{ sign() }} calls a function of the plan, which names no module; add hooks: { file: hooks.ts }',
  ],
  [
    'a step of no module',
    { step: '{ get: /, beforeRequest: sign }' },
    '6:15 scenarios[0].steps[0].beforeRequest: calls a function of the plan, which names no module; add hooks: { file: hooks.ts }',
  ],
  [
    'too few arguments',
    { step: '{ get: "/{{ $randomInt(1) }}" }' },
    '6:12 scenarios[0].steps[0].get: {{ $randomInt(1) }} takes 2 arguments',
  ],
  [
    'numbers the wrong way round',
    { step: '{ get: "/{{ $randomInt(9, 1) }}" }' },
    '6:12 scenarios[0].steps[0].get: {{ $randomInt(9, 1) }} takes the smaller number first',
  ],
  [
    'a random text too long',
    { step: '{ get: "/{{ $randomString(1000000) }}" }' },
    '6:12 scenarios[0].steps[0].get: {{ $randomString(1000000) }} takes a length of 1 to 10000',
  ],
  [
    'an environment variable not set',
    { top: 'headers: { a: "{{ $env(NOPE) }}" }' },
    '2:15 headers.a: the environment variable NOPE is not set; set it before the run',
  ],
  [
    'an environment variable that is empty',
    { top: 'headers: { a: "{{ $env(EMPTY) }}" }' },
    '2:15 headers.a: the environment variable EMPTY is empty; set it before the run',
  ],
  [
    'a name that is not known, in a key',
    { step: '{ post: /, json: { a: [{ "{{ b }}": 1 }] } }' },
    '6:30 scenarios[0].steps[0].json.a[0]["{{ b }}"]: b is not known here; capture it in a step before, or add it to variables',
  ],
  [
    'a template never closed, in a key',
    { step: '{ get: /, query: { "{{ b": 1 } }' },
    '6:24 scenarios[0].steps[0].query["{{ b"]: {{ b is never closed; end it with }}',
  ],
  [
    'JSON inside a text',
    { step: '{ post: /, json: "a {{ $uuid | raw }}" }' },
    '6:22 scenarios[0].steps[0].json: holds | raw, which in a JSON body must be the whole of a value',
  ],
  [
    'half a character',
    { step: '{ post: /, body: "\\ud800" }' },
    '6:22 scenarios[0].steps[0].body: holds half of a surrogate pair, which is no character',
  ],
  [
    'a template where none is read',
    { top: 'variables: { a: "{{ b }}" }' },
    '2:17 variables.a: templates are not read here; write it where the value is used',
  ],
  [
    'a template in the address of metrics',
    { top: 'signals: { metrics: "/m{{ $uuid }}" }' },
    '2:21 signals.metrics: templates are not read here; write it where the value is used',
  ],
  [
    'a template in an expectation',
    { step: '{ get: /, expect: { body: "{{ b }}" } }' },
    '6:31 scenarios[0].steps[0].expect.body: templates are not read here; write it where the value is used',
  ],
  [
    'a variable that is not known',
    { step: '{ get: "/{{ id }}" }' },
    '6:12 scenarios[0].steps[0].get: id is not known here; capture it in a step before, or add it to variables',
  ],
  [
    'a variable misspelt',
    { top: 'variables: { password: x }', step: '{ post: /, json: { p: "{{ pasword }}" } }' },
    '6:27 scenarios[0].steps[0].json.p: pasword is not known here; did you mean password?',
  ],
  [
    'a capture used too early',
    { step: '{ get: "/{{ id }}", capture: { id: $.id } }' },
    '6:12 scenarios[0].steps[0].get: id is not known here; it is captured only in a later step',
  ],
  [
    'a capture of one choice only',
    {
      step: '{ loop: { times: 1, steps: [{ choose: [{ steps: [{ get: /, capture: { id: $.id } }] }, { steps: [] }] }, { get: "/{{ id }}" }] } }',
    },
    '6:117 scenarios[0].steps[0].loop.steps[1].get: id is not known here; capture it in a step before, or add it to variables',
  ],
  [
    'a column that the file lacks',
    { top: 'feeders: { users: { file: users.csv } }', step: '{ get: "/{{ users.mail }}" }' },
    '6:12 scenarios[0].steps[0].get: users.mail is not known here; did you mean users.email?',
  ],
  [
    'a column that may be a value in an item of a loop',
    {
      top: 'feeders: { users: { file: users.csv } }\nvariables: { all: [{ email: a }] }',
      step: '{ loop: { over: all, as: users, steps: [{ get: "/{{ users.email }}" }] } }',
    },
    '7:52 scenarios[0].steps[0].loop.steps[0].get: users.email is a column of the feeder users, and may be a value in the variable users; rename one of them',
  ],
  [
    'a column that may be a value in a capture, in a condition',
    {
      top: 'feeders: { users: { file: users.csv } }\nvariables: { users: { email: a } }',
      step: '{ if: users.email == "a", steps: [{ get: / }] }',
    },
    '7:11 scenarios[0].steps[0].if: users.email is a column of the feeder users, and may be a value in the variable users; rename one of them',
  ],
  [
    'a feeder that is not declared',
    { step: '{ get: "/{{ users.email }}" }' },
    '6:12 scenarios[0].steps[0].get: users.email is not known here; capture it in a step before, or add it to variables',
  ],
  [
    'a variable in a header of the plan',
    { top: 'headers: { a: "{{ b }}" }' },
    '2:15 headers.a: b is not known here; capture it in a step before, or add it to variables',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});

const accepted = [
  ['a plan variable', { top: 'variables: { id: 1 }', step: '{ get: "/{{ id }}" }' }],
  ['a column of a feeder', { top: 'feeders: { users: { file: users.csv } }', step: '{ get: "/{{ users.city }}" }' }],
  ['a capture of a step before', { step: '{ get: /, capture: { id: $.id } }\n  - { get: "/{{ id }}" }' }],
  [
    'a capture inside a loop, after it',
    { step: '{ loop: { times: 2, steps: [{ get: /, capture: { id: $.id } }] } }\n  - { get: "/{{ id }}" }' },
  ],
  [
    'a capture of every choice, after it',
    {
      step: '{ choose: [{ steps: [{ get: /, capture: { id: $.id } }] }, { steps: [{ get: /b, capture: { id: $.id } }] }] }\n  - { get: "/{{ id }}" }',
    },
  ],
  ['a capture of onStart', { step: '{ get: "/{{ id }}" }\n  onStart: [{ get: /, capture: { id: $.id } }]' }],
] as const;

test.each(accepted)('knows %s', async (_, parts) => {
  expect(await headsOf(planOf(parts))).toEqual(['']);
});

test('accepts an environment variable that is set', async () => {
  const top = 'headers: { authorization: "Bearer {{ $env(TOKEN) }}" }';
  expect(await headsOf(planOf({ top }))).toEqual(['']);
});

test.each([
  '{ post: "/%7Bid%7D", body: "${jndi:ldap://127.0.0.1}" }',
  '{ post: /, body: "${home} #{x}" }',
  '{ get: "/graphql?query={hero}" }',
  '{ post: /, headers: { a: "{{ \'${a}\' }}" } }',
])('letters that only look like a template are sent: %s', async (step) => {
  expect(await headsOf(planOf({ top: 'variables: { a: 1 }', step }))).toEqual(['']);
});
