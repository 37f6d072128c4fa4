import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../plan/sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  ['a double key', { top: 'seed: 1\nseed: 2' }, '3:1 seed stands in this map twice; keep one'],
  [
    'a template without quotes',
    { step: '{ get: /{{ id }} }' },
    '6:13 is no YAML: Unexpected flow-map-start at node end; put a text with {{ }} in quotes',
  ],
  [
    'a list as a key',
    { step: '{ post: /, json: { ? [1, 2] : x } }' },
    '6:26 a map or a list can be no key; write a text',
  ],
  [
    'a key that JavaScript loses',
    { step: '{ post: /, json: { __proto__: 1 } }' },
    '6:24 __proto__ can be no key here; write it in a body',
  ],
  ['a tab for indenting', { top: 'tls:\n	insecure: true' }, '3:1 a tab cannot indent YAML; use spaces'],
  ['two documents', { top: '---' }, '2:1 there must be one YAML document; remove the --- line'],
  ['an alias of nothing', { top: 'seed: *one' }, '2:7 *one has no &one before it'],
  [
    'a quote never closed',
    { top: 'description: "x' },
    '9:1 a text in quotes begins above and never ends; close its quote',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});
