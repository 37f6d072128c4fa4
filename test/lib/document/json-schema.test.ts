import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { printJsonSchema } from '../../../lib/document/json-schema.ts';
import { environmentSchema } from '../../../lib/environment/environment.ts';
import { scalingPolicySchema } from '../../../lib/environment/scaling-policy.ts';
import { planSchema } from '../../../lib/plan/schema.ts';

test.each([
  ['plimsoll.schema.json', planSchema, 'urn:plimsoll:plan'],
  ['config/environment.schema.json', environmentSchema, 'urn:plimsoll:environment'],
  ['config/scaling.schema.json', scalingPolicySchema, 'urn:plimsoll:scaling'],
] as const)('%s is fresh; `npm run schema` writes it anew', async (file, schema, id) => {
  expect(await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8')).toBe(printJsonSchema(schema, id));
});

test('the schema has what editors look for', () => {
  expect(JSON.parse(printJsonSchema(planSchema, 'urn:plimsoll:plan'))).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:plimsoll:plan',
    title: 'Plimsoll plan',
    additionalProperties: false,
    required: ['name', 'scenarios', 'phases'],
  });
});
