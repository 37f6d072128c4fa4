import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'no load at all',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { rate: 0 } }' },
    '8:1 phases: no phase carries any load; raise a rate or a number of users above 0',
  ],
  [
    'a phase of no time',
    { phase: '{ name: p, kind: stress, duration: 0s, open: { rate: 1 } }' },
    '8:38 phases[0].duration: "0s" is no time; write 30s, say',
  ],
  [
    'a scenario without a request',
    { step: '{ pause: 1s }' },
    '6:3 scenarios[0].steps: sends no request; add one, such as get: /',
  ],
  [
    'a journey without an end',
    { step: '{ loop: { times: 2000, steps: [{ loop: { times: 1000, steps: [{ get: / }] } }] } }' },
    '6:3 scenarios[0].steps: is a journey of 2000000 requests; 1000000 are the most, so loop fewer times',
  ],
  [
    'a pace of no time',
    { phase: '{ name: p, kind: stress, duration: 1s, closed: { users: 1, pacing: 0s } }' },
    '8:70 phases[0].closed.pacing: "0s" is no pace; write 2s, say, or leave it out',
  ],
  [
    'a pace that is no duration',
    { phase: '{ name: p, kind: stress, duration: 1s, closed: { users: 1, pacing: 2 } }' },
    '8:70 phases[0].closed.pacing: 2 is no duration; write a number and us, ms, s, m, h or d, such as 30s or 1h30m',
  ],
  [
    'a pace of arrivals',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { rate: 1, pacing: 2s } }' },
    '8:59 phases[0].open.pacing: no such key here; there are rate, ramp, stages, spike, requests, arrivals, most and patience',
  ],
  [
    'requests of no number',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { requests: many } }' },
    '8:60 phases[0].open.requests: "many" must be a number or a map of keys and values, not text',
  ],
  [
    'requests below none',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { requests: { rate: -1 } } }' },
    '8:68 phases[0].open.requests.rate: -1 is too small; it must be at least 0',
  ],
  [
    'requests of no shape',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { requests: {} } }' },
    '8:60 phases[0].open.requests: needs exactly one of rate, ramp, stages, spike',
  ],
  [
    'requests beside arrivals',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { requests: 5, rate: 5 } }' },
    '8:48 phases[0].open: needs exactly one of rate, ramp, stages, spike, requests',
  ],
  [
    'no request at all',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { requests: 0 } }' },
    '8:1 phases: no phase carries any load; raise a rate or a number of users above 0',
  ],
  [
    'requests of no duration',
    { phase: '{ name: p, kind: stress, open: { requests: 5 } }' },
    '8:3 phases[0]: needs a duration, such as 30s',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});

test('stages of requests say how long they last', async () => {
  const phase = '{ name: p, kind: stress, open: { requests: { stages: [{ duration: 2s, hold: 5 }] } } }';
  expect(await headsOf(planOf({ phase }))).toEqual(['']);
});

test('a phase may rest while another carries load', async () => {
  const phase = `{ name: rest, kind: recovery, duration: 1s, open: { rate: 0 } }
- { name: work, kind: stress, duration: 1s, closed: { users: 1 } }`;
  expect(await headsOf(planOf({ phase }))).toEqual(['']);
});
