import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
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
    'no built-in',
    { step: '{ get: "/{{ $uid }}" }' },
    '6:12 scenarios[0].steps[0].get: {{ $uid }} is no built-in; there are $uuid, $now, $user, $iteration, $randomInt, $randomString, $pick, $env',
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
    'a template where none is read',
    { top: 'variables: { a: "{{ b }}" }' },
    '2:17 variables.a: templates are not read here; write it where the value is used',
  ],
  [
    'a template in an expectation',
    { step: '{ get: /, expect: { body: "{{ b }}" } }' },
    '6:31 scenarios[0].steps[0].expect.body: templates are not read here; write it where the value is used',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});

test('accepts an environment variable that is set', async () => {
  const top = 'headers: { authorization: "Bearer {{ $env(TOKEN) }}" }';
  expect(await headsOf(planOf({ top }))).toEqual(['']);
});
