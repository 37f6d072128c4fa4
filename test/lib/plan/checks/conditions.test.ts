import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

const AT = '6:11 scenarios[0].steps[0].if: ';

test.each([
  ['one = 1', '"one = 1" is no condition; at character 5: write == to compare'],
  ['one && two', '"one && two" is no condition; at character 5: write and'],
  ['one || two', '"one || two" is no condition; at character 5: write or'],
  ['!one', '"!one" is no condition; at character 1: write not'],
  ['{{ one }}', '"{{ one }}" is no condition; at character 1: write the name without {{ }}'],
  ['one ==', '"one ==" is no condition; at character 7: expected a name, a number, a text in quotes or ('],
  ['(one', '"(one" is no condition; at character 5: expected )'],
  ['one two', '"one two" is no condition; at character 5: expected and, or, a comparison or the end'],
  ['1 < one < 3', '"1 < one < 3" is no condition; at character 9: expected and, or, a comparison or the end'],
  ['defined one', '"defined one" is no condition; at character 9: write defined(name)'],
  ['defined(1)', '"defined(1)" is no condition; at character 9: write the name between ( and )'],
  [
    'one == 007',
    '"one == 007" is no condition; at character 8: 007 is no number; put it in quotes to compare with a text',
  ],
  ["one == 'a", `"one == 'a" is no condition; at character 8: the quote is never closed`],
  ['one + 1', '"one + 1" is no condition; at character 5: + has no meaning here'],
  ['process.exit()', '"process.exit()" is no condition; at character 13: expected and, or, a comparison or the end'],
  ['lacking', 'lacking is not known here; capture it in a step before, or add it to variables'],
  ['defined(lacking)', 'lacking is not known here; capture it in a step before, or add it to variables'],
  ['later == 1', 'later is not known here; it is captured only in a later step'],
])('refuses the condition %s', async (condition, text) => {
  const step = `{ if: "${condition}", steps: [{ get: / }] }
  - { get: /, capture: { later: $.id } }`;
  const top = 'variables: { one: 1, two: 2 }';
  expect(await headsOf(planOf({ top, step }))).toEqual(['E-PLAN-INVALID', AT + text]);
});

test.each([
  '{ if: "not defined(later)", steps: [{ get: /, capture: { later: $.id } }] }\n  - { get: "/{{ later }}" }',
  '{ get: /, capture: { next: { json: $.next, optional: true } } }\n  - { while: next, atMost: 9, steps: [{ get: "{{ next }}", capture: { next: $.next } }] }',
  '{ get: /, capture: { code: status, ids: { json: "$[*].id", match: all, default: [] } } }\n  - { loop: { over: ids, as: id, steps: [{ delete: "/{{ id }}" }] } }',
])('accepts %s', async (step) => {
  expect(await headsOf(planOf({ step }))).toEqual(['']);
});

const STEPS = 'scenarios[0].steps[0]';

test.each([
  ['{ while: one, steps: [{ get: / }] }', `6:5 ${STEPS}.atMost: is missing; it must be a number`],
  ['{ while: one, atMost: 0, steps: [{ get: / }] }', `6:27 ${STEPS}.atMost: 0 is too small; it must be at least 1`],
  [
    '{ while: one, atMost: 5, steps: [{ pause: 1s }] }\n  - get: /',
    `6:37 ${STEPS}.steps: send no request, so the condition stays as it is; add one, or write if`,
  ],
  [
    '{ while: one, atMost: 2000000, steps: [{ get: / }] }',
    '6:3 scenarios[0].steps: is a journey of 2000000 requests; 1000000 are the most, so loop fewer times',
  ],
  ['{ if: one, steps: [], else: [{ get: / }] }', `6:23 ${STEPS}.steps: is an empty list; it needs at least 1`],
  ['{ if: "", steps: [{ get: / }] }', `6:11 ${STEPS}.if: is empty; write a text`],
  [
    '{ loop: { over: lacking, as: id, steps: [{ get: "/{{ id }}" }] } }',
    `6:21 ${STEPS}.loop.over: lacking is not known here; capture it in a step before, or add it to variables`,
  ],
  [
    '{ loop: { over: one, as: id, steps: [{ get: / }] } }\n  - { get: "/{{ id }}" }',
    '7:12 scenarios[0].steps[1].get: id is not known here; capture it in a step before, or add it to variables',
  ],
  [
    '{ loop: { over: "a b", as: id, steps: [{ get: / }] } }',
    `6:21 ${STEPS}.loop.over: "a b" is no name; write one such as items, or order.lines`,
  ],
  ['{ loop: { over: one, steps: [{ get: / }] } }', `6:13 ${STEPS}.loop.as: is missing; it must be text`],
  ['{ loop: { steps: [{ get: / }] } }', `6:13 ${STEPS}.loop.times: is missing; it must be a number`],
  ['{ loop: { times: 0, steps: [{ get: / }] } }', `6:22 ${STEPS}.loop.times: 0 is too small; it must be at least 1`],
  [
    '{ get: /, capture: { code: statu } }',
    `6:32 ${STEPS}.capture.code: "statu" is no JSONPath; write $.statu, beginning with $`,
  ],
  ['{ get: /, capture: { code: { cookie: "" } } }', `6:42 ${STEPS}.capture.code.cookie: is empty; write a text`],
  [
    '{ get: /, capture: { code: { json: $.a, match: last } } }',
    `6:52 ${STEPS}.capture.code.match: "last" is none of first, all or random`,
  ],
  [
    '{ get: /, capture: { code: { header: a, match: all } } }',
    `6:45 ${STEPS}.capture.code.match: no such key here; there are json, optional, default, header, cookie, xml, html, regex and group`,
  ],
  [
    '{ get: /, capture: { code: { json: $.a, optional: maybe } } }',
    `6:55 ${STEPS}.capture.code.optional: "maybe" must be true or false, not text`,
  ],
])('refuses the step %s', async (step, text) => {
  const top = 'variables: { one: 1 }';
  expect(await headsOf(planOf({ top, step }))).toEqual(['E-PLAN-INVALID', text]);
});

test.each([
  [
    'setup: [{ get: "/{{ token }}" }]',
    '2:16 setup[0].get: token is not known here; capture it in a step before, or add it to variables',
  ],
  [
    'teardown: [{ get: / , capture: { a: b } }]',
    '2:37 teardown[0].capture.a: "b" is no JSONPath; write $.b, beginning with $',
  ],
  [
    'checks: [{ get: "/{{ token }}" }]',
    '2:17 checks[0].get: token is not known here; capture it in a step before, or add it to variables',
  ],
  [
    'checks: [{ loop: { times: 2000000, steps: [{ get: / }] } }]',
    '2:9 checks: is a journey of 2000000 requests; 1000000 are the most, so loop fewer times',
  ],
  [
    'signals: { health: "http://ann:secret@127.0.0.1/health" }',
    '2:20 signals.health: holds a user name; send it as a header from {{ $env(NAME) }}, since reports show addresses',
  ],
  ['setup: []', '2:8 setup: is an empty list; it needs at least 1'],
  ['setup: { get: / }', '2:8 setup: must be a list, not a map of keys and values'],
  [
    'setup: [{ loop: { times: 2000000, steps: [{ get: / }] } }]',
    '2:8 setup: is a journey of 2000000 requests; 1000000 are the most, so loop fewer times',
  ],
])('refuses %s', async (top, text) => {
  const step = '{ get: /, capture: { token: $.token } }';
  expect(await headsOf(planOf({ top, step }))).toEqual(['E-PLAN-INVALID', text]);
});

test('what the setup captures is known everywhere', async () => {
  const top =
    'setup: [{ get: /, capture: { token: $.token } }]\nheaders: { x: "{{ token }}" }\nchecks: [{ get: "/{{ token }}" }]\nteardown: [{ get: "/{{ token }}" }]';
  expect(await headsOf(planOf({ top, step: '{ get: "/{{ token }}" }' }))).toEqual(['']);
});
