import { expect, test } from '@jest/globals';
import { PlimsollError } from '../../../../lib/errors.ts';
import { planFromObject } from '../../../../lib/plan/parse.ts';
import { headsOf, planOf, sources } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'a number with zeros before it, in JSON',
    { step: '{ post: /, json: { zip: 00017 } }' },
    '6:29 scenarios[0].steps[0].json.zip: 00017 is no JSON number; write 17, or "00017" in quotes to send a text',
  ],
  [
    'a hexadecimal number in what is expected',
    { step: '{ get: /, expect: { body: { json: { $.a: 0x1F } } } }' },
    '6:46 scenarios[0].steps[0].expect.body.json["$.a"]: 0x1F is no JSON number; write 31, or "0x1F" in quotes to send a text',
  ],
  [
    'a variable that JSON has no number for, as the whole of a value',
    { top: 'variables: { zip: 00017 }', step: '{ post: /, json: { zip: "{{ zip }}" } }' },
    '6:29 scenarios[0].steps[0].json.zip: zip is 00017, which is no JSON number; put it in quotes among the variables to send a text',
  ],
  [
    'a number without end in JSON',
    { step: '{ post: /, json: .inf }' },
    '6:22 scenarios[0].steps[0].json: must be text, a number, true or false, null, a list or a map of keys and values, not .inf; write ".inf" in quotes',
  ],
  [
    'a header that is no number',
    { step: '{ get: /, headers: { a: .nan } }' },
    '6:29 scenarios[0].steps[0].headers.a: must be text, a number, true or false or a list, not .nan; write ".nan" in quotes',
  ],
  [
    'a variable without end',
    { top: 'variables: { a: -.inf }' },
    '2:17 variables.a: must be text, a number, true or false, null, a list or a map of keys and values, not -.inf; write "-.inf" in quotes',
  ],
  [
    'a rate without end',
    { phase: '{ name: p, kind: stress, duration: 1s, open: { rate: .inf } }' },
    '8:56 phases[0].open.rate: must be a number, not .inf',
  ],
  [
    'a variable of nothing',
    { top: 'variables:\n  a:' },
    '3:5 variables.a: is empty; write null, or "" for an empty text',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});

test('refuses digits that were lost before the plan came here', async () => {
  const plan = {
    name: 'x',
    scenarios: [{ name: 'a', steps: [{ post: '/', json: { id: 2 ** 60 } }] }],
    phases: [{ name: 'p', kind: 'stress', duration: '1s', open: { rate: 1 } }],
  };
  const error: unknown = await planFromObject(plan, sources).catch((thrown: unknown) => thrown);
  expect(error instanceof PlimsollError && error.details).toEqual([
    'scenarios[0].steps[0].json.id: 1152921504606847000 has more digits than a number holds; give it as a text',
  ]);
});
