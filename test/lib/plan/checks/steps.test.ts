import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'a status that is followed',
    { top: 'redirects: follow', step: '{ get: /, expect: { status: 302 } }' },
    '6:33 scenarios[0].steps[0].expect.status: 302 would be followed, so no reply has it; write redirects: stay for this step, or the status behind the redirect',
  ],
  [
    'statuses that are all followed',
    { step: '{ get: /, redirects: follow, expect: { status: [301, 3xx] } }' },
    '6:52 scenarios[0].steps[0].expect.status: 301, "3xx" would be followed, so no reply has it; write redirects: stay for this step, or the status behind the redirect',
  ],
  [
    'the body of a reply to HEAD, expected',
    { step: '{ head: /, expect: { body: ok } }' },
    '6:26 scenarios[0].steps[0].expect.body: looks at the body of a reply to head, which has none; write get',
  ],
  [
    'the body of a reply to HEAD, captured',
    { step: '{ head: /, capture: { id: $.id } }' },
    '6:31 scenarios[0].steps[0].capture.id: looks at the body of a reply to head, which has none; write get',
  ],
  [
    'a body of a HEAD',
    { step: '{ head: /, body: x }' },
    '6:16 scenarios[0].steps[0].body: head sends no body, and servers may reset the connection; write post, put or patch, or use query',
  ],
  [
    'a header name with a blank',
    { step: '{ get: /, headers: { "a b": 1 } }' },
    '6:26 scenarios[0].steps[0].headers["a b"]: "a b" is no header name; use letters, digits and -',
  ],
  [
    'a header that is written twice, in letters of two cases',
    { step: '{ get: /, headers: { x-tag: a, X-Tag: b } }' },
    '6:36 scenarios[0].steps[0].headers.X-Tag: X-Tag is x-tag again; write one of them, with a list to send both values',
  ],
  [
    'a header value with a line break',
    { step: '{ get: /, headers: { a: "b\\nc" } }' },
    '6:29 scenarios[0].steps[0].headers.a: "b\\nc" holds a character that no header may',
  ],
  [
    'a header value with blanks at its ends',
    { top: 'headers: { a: " b" }' },
    '2:15 headers.a: " b" begins or ends with a blank, which receivers drop; leave it out',
  ],
  [
    'a filter that no double can decide',
    { step: '{ get: /, capture: { id: "$[?@.id == 8214565720323784705].x" } }' },
    '6:30 scenarios[0].steps[0].capture.id: "$[?@.id == 8214565720323784705].x" is no JSONPath; it compares with a number of more digits than are compared exactly, which are 15',
  ],
  [
    'an empty list in a query',
    { step: '{ get: /, query: { a: [] } }' },
    '6:27 scenarios[0].steps[0].query.a: is an empty list; it needs at least 1',
  ],
  [
    'a map in a form',
    { step: '{ post: /, form: { a: [{ b: 1 }] } }' },
    '6:28 scenarios[0].steps[0].form.a[0]: must be text, a number or true or false, not a map of keys and values',
  ],
  [
    'a list in a list of a header',
    { step: '{ get: /, headers: { a: [[b]] } }' },
    '6:30 scenarios[0].steps[0].headers.a[0]: must be text, a number or true or false, not a list',
  ],
  [
    'a list without anything in a header',
    { step: '{ get: /, headers: { a: [] } }' },
    '6:29 scenarios[0].steps[0].headers.a: is an empty list; it needs at least 1',
  ],
  [
    'one of a header’s values that none may have',
    { step: '{ get: /, headers: { a: [b, "c\\nd"] } }' },
    '6:33 scenarios[0].steps[0].headers.a[1]: "c\\nd" holds a character that no header may',
  ],
  [
    'two hosts',
    { step: '{ get: /, headers: { Host: [a.test, b.test] } }' },
    '6:32 scenarios[0].steps[0].headers.Host: is a list, and a request has one Host; write one',
  ],
  [
    'a range of statuses that is none',
    { step: '{ get: /, expect: { status: 2x } }' },
    '6:33 scenarios[0].steps[0].expect.status: "2x" is no status; write 200, or 2xx for all from 200 to 299',
  ],
  [
    'a header that the generator sets',
    { top: 'headers: { Content-Length: 5 }' },
    '2:12 headers.Content-Length: Content-Length is set by the generator itself; remove it',
  ],
  [
    'a captured header that is none',
    { step: '{ get: /, capture: { a: { header: "x y" } } }' },
    '6:39 scenarios[0].steps[0].capture.a.header: "x y" is no header name',
  ],
  [
    'a JSONPath without $',
    { step: '{ get: /, capture: { id: data.id } }' },
    '6:30 scenarios[0].steps[0].capture.id: "data.id" is no JSONPath; write $.data.id, beginning with $',
  ],
  [
    'no JSONPath',
    { step: '{ get: /, capture: { id: { json: "$.[" } } }' },
    '6:38 scenarios[0].steps[0].capture.id.json: "$.[" is no JSONPath; it goes wrong at character 3',
  ],
  [
    'no JSONPath in an expectation',
    { step: '{ get: /, expect: { body: { json: { "$[": 1 } } } }' },
    '6:41 scenarios[0].steps[0].expect.body.json["$["]: "$[" is no JSONPath; it goes wrong at character 3',
  ],
  [
    'a pause upside down',
    { step: '{ pause: { min: 2s, max: 1s } }\n  - { get: / }' },
    '6:14 scenarios[0].steps[0].pause: min "2s" is more than max "1s"; swap them',
  ],
  [
    'a pause longer than timers wait',
    { step: '{ pause: 600h }\n  - { get: / }' },
    '6:14 scenarios[0].steps[0].pause: "600h" is longer than a timer can wait; 576h is the most',
  ],
  ['a timeout of no time', { top: 'timeout: 0s' }, '2:10 timeout: "0s" leaves a request no time; write 10s, say'],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});

test.each([
  '{ get: /, redirects: stay, expect: { status: 302 } }',
  '{ get: /, expect: { status: [200, 302] } }',
  '{ get: /, expect: { status: 304 } }',
  '{ head: /, expect: { body: { regex: ^$ } }, capture: { tag: { header: etag }, code: status, x: { json: $.x, optional: true } } }',
])('what a reply can meet is no problem: %s', async (step) => {
  expect(await headsOf(planOf({ top: 'redirects: follow', step }))).toEqual(['']);
});
