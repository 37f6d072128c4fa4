import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
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
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});
