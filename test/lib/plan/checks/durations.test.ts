import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
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
