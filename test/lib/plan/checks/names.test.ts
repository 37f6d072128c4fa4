import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'two phases of one name',
    {
      phase:
        '{ name: p, kind: stress, duration: 1s, open: { rate: 1 } }\n- { name: p, kind: stress, duration: 1s, open: { rate: 1 } }',
    },
    '9:11 phases[1].name: another phase is called "p" too; rename one',
  ],
  [
    'two scenarios of one name',
    { step: '{ get: / }\n- { name: a, steps: [{ get: / }] }' },
    '7:11 scenarios[1].name: another scenario is called "a" too; rename one',
  ],
  [
    'two requests of one name',
    { step: '{ get: /a, name: one }\n  - { get: /b, name: one }' },
    '7:22 scenarios[0].steps[1].name: "one" is the name of GET /a already; rename this one',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});

test('the same request may stand twice under its name', async () => {
  expect(await headsOf(planOf({ step: '{ get: /a }\n  - { get: /a }' }))).toEqual(['']);
});
