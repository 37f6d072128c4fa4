import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'a body of a GET',
    { step: '{ get: /, json: 1 }' },
    '6:15 scenarios[0].steps[0].json: get sends no body, and servers may reset the connection; write post, put or patch, or use query',
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
    'a header value with a line break',
    { step: '{ get: /, headers: { a: "b\\nc" } }' },
    '6:29 scenarios[0].steps[0].headers.a: "b\\nc" holds a character that no header may',
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
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});
