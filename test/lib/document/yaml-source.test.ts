import { expect, test } from '@jest/globals';
import { readYaml } from '../../../lib/document/yaml-source.ts';
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
  ['bytes', { step: '{ post: /, body: !!binary aGk= }' }, '6:31 has the tag !!binary, which is not read; leave it out'],
  ['a set', { step: '{ post: /, json: !!set { a } }' }, '6:28 has the tag !!set, which is not read; leave it out'],
  [
    'a merge of no map',
    { step: '{ <<: 5, get: / }' },
    '6:7 << takes in the keys of another map; write <<: *name, or quotes round it',
  ],
  [
    'a key that was taken in',
    { step: '{ <<: { get: /, headers: { a: " b" } } }' },
    '6:35 scenarios[0].steps[0].headers.a: " b" begins or ends with a blank, which receivers drop; leave it out',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});

test('keys that are taken in are as they were written, and own ones win', () => {
  const { value, writtenAt } = readYaml('a: &a { zip: 00017, n: 1.10 }\nb: { <<: [*a, { m: 2.0 }], n: 3.0 }', {
    merge: true,
  });
  expect(value).toMatchObject({ b: { zip: 17, n: 3, m: 2 } });
  expect(['zip', 'n', 'm'].map((key) => writtenAt(['b', key]))).toEqual(['00017', '3.0', '2.0']);
});
