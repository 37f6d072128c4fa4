import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../plan/sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'an unknown key with a near one',
    { step: '{ gett: / }' },
    '6:7 scenarios[0].steps[0].gett: no such key here; did you mean get?',
  ],
  [
    'an unknown key without a near one',
    { top: 'tls: { colour: red }' },
    '2:8 tls.colour: no such key here; there are insecure, ca, cert, key and servername',
  ],
  [
    'a misspelt key that was needed, once',
    { step: '{ pause: { maen: 2s } }\n  - { get: / }' },
    '6:16 scenarios[0].steps[0].pause.maen: no such key here; did you mean mean?',
  ],
  [
    'a key of another way of writing',
    { step: '{ get: /, loop: { times: 2, steps: [{ get: / }] } }' },
    '6:15 scenarios[0].steps[0].loop: loop cannot stand beside get; keep one of the two',
  ],
  [
    'two levels of one stage',
    { phase: '{ name: p, kind: stress, open: { stages: [{ duration: 1s, to: 3, hold: 2 }] } }' },
    '8:68 phases[0].open.stages[0].hold: hold cannot stand beside to; keep one of the two',
  ],
  [
    'a key missing',
    { phase: '{ kind: stress, duration: 1s, open: { rate: 1 } }' },
    '8:3 phases[0].name: is missing; it must be text',
  ],
  [
    'a choice missing',
    { phase: '{ name: p, duration: 1s, open: { rate: 1 } }' },
    '8:3 phases[0].kind: is missing; write one of warm-up, sustained, stress or recovery',
  ],
  [
    'a wrong choice',
    { phase: '{ name: p, kind: strss, duration: 1s, open: { rate: 1 } }' },
    '8:20 phases[0].kind: "strss" is none of warm-up, sustained, stress or recovery; did you mean stress?',
  ],
  [
    'no duration',
    { phase: '{ name: p, kind: stress, duration: 5 minutes, open: { rate: 1 } }' },
    '8:38 phases[0].duration: "5 minutes" is no duration; write a number and us, ms, s, m, h or d, such as 30s or 1h30m',
  ],
  [
    'a duration without a unit',
    { phase: '{ name: p, kind: stress, duration: 30, open: { rate: 1 } }' },
    '8:38 phases[0].duration: 30 is no duration; write a number and us, ms, s, m, h or d, such as 30s or 1h30m',
  ],
  [
    'a duration deep in a union',
    { step: '{ pause: abc }\n  - { get: / }' },
    '6:14 scenarios[0].steps[0].pause: "abc" is no duration; write a number and us, ms, s, m, h or d, such as 30s or 1h30m',
  ],
  [
    'a number in quotes',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { rate: "5" } }' },
    '8:56 phases[0].open.rate: "5" must be a number, not text; write 5 without quotes',
  ],
  [
    'a text without quotes',
    { step: '{ post: /, body: 5 }' },
    '6:22 scenarios[0].steps[0].body: 5 must be text or a map of keys and values, not a number; write "5" in quotes',
  ],
  [
    'a fraction of a user',
    { phase: '{ name: p, kind: stress, duration: 1s, closed: { users: 1.5 } }' },
    '8:59 phases[0].closed.users: 1.5 must be a whole number, not a fraction',
  ],
  [
    'a negative rate',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { rate: -1 } }' },
    '8:56 phases[0].open.rate: -1 is too small; it must be at least 0',
  ],
  [
    'a number too large for a status',
    { step: '{ get: /, expect: { status: 700 } }' },
    '6:33 scenarios[0].steps[0].expect.status: 700 is too large; 599 is the most',
  ],
  ['a list where a map belongs', { top: 'tls: []' }, '2:6 tls: must be a map of keys and values, not a list'],
  ['an empty line', { top: 'headers:' }, '2:9 headers: is empty; it must be a map of keys and values'],
  ['an empty text', { step: '{ get: "" }' }, '6:12 scenarios[0].steps[0].get: is empty; write a text'],
  [
    'an empty list',
    { step: '{ loop: { times: 2, steps: [] } }\n  - { get: / }' },
    '6:32 scenarios[0].steps[0].loop.steps: is an empty list; it needs at least 1',
  ],
  [
    'a step that is none',
    { step: 'front page' },
    '6:5 scenarios[0].steps[0]: "front page" must be a map of keys and values, not text',
  ],
  [
    'a bad name',
    { step: '{ get: /, capture: { 1st: $.a } }' },
    '6:26 scenarios[0].steps[0].capture.1st: "1st" is no name; use letters, digits, - and _, beginning with a letter',
  ],
  [
    'no URL',
    { top: 'target: localhost:8080' },
    '2:9 target: "localhost:8080" is no URL; write http://HOST:PORT, or built-in',
  ],
  [
    'no regular expression',
    { step: '{ get: /, expect: { body: { regex: "(" } } }' },
    '6:40 scenarios[0].steps[0].expect.body.regex: "(" is no regular expression (of JavaScript, flag u)',
  ],
  [
    'no method',
    { step: '{ query: { a: 1 } }' },
    '6:5 scenarios[0].steps[0]: needs exactly one of get, post, put, patch, delete, head, options',
  ],
  [
    'two methods',
    { step: '{ get: /, post: / }' },
    '6:5 scenarios[0].steps[0]: needs exactly one of get, post, put, patch, delete, head, options',
  ],
  [
    'two bodies',
    { step: '{ post: /, json: 1, body: x }' },
    '6:5 scenarios[0].steps[0]: has more than one of json, form, body and multipart; keep one',
  ],
  [
    'neither open nor closed',
    { phase: '{ name: p, kind: stress, duration: 1s }' },
    '8:3 phases[0]: needs exactly one of open and closed',
  ],
  [
    'both open and closed',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, closed: { users: 1 } }' },
    '8:3 phases[0]: needs exactly one of open and closed',
  ],
  [
    'two shapes',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { rate: 1, ramp: { from: 1, to: 2 } } }' },
    '8:48 phases[0].open: needs exactly one of rate, ramp, stages, spike, requests',
  ],
  [
    'no duration at all',
    { phase: '{ name: p, kind: stress, open: { rate: 1 } }' },
    '8:3 phases[0]: needs a duration, such as 30s',
  ],
  [
    'a duration other than the stages',
    { phase: '{ name: p, kind: stress, duration: 5s, open: { stages: [{ duration: 1s, to: 3 }] } }' },
    '8:3 phases[0]: lasts other than its stages add up to, or too short for its spike; mend the duration',
  ],
  [
    'a spike outside its phase',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { spike: { base: 1, peak: 9, at: 900ms, for: 200ms } } }' },
    '8:3 phases[0]: lasts other than its stages add up to, or too short for its spike; mend the duration',
  ],
  [
    'no objective',
    { phase: "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['p99 << 5ms'] }" },
    '8:74 phases[0].objectives[0]: "p99 << 5ms" is no objective; write a metric and a limit, such as "p99 < 500ms, fail > 600ms"',
  ],
  [
    'a unit that does not fit',
    { phase: "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['p99 < 5/s'] }" },
    '8:74 phases[0].objectives[0]: "p99 < 5/s" has a limit whose unit does not fit its metric; write ms or s for times, % for shares, /s for throughput',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});
