import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
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
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});
