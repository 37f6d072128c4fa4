import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { planJsonSchema, printPlanSchema } from '../../../lib/plan/json-schema.ts';

test('plimsoll.schema.json is that of the plan; `npm run schema` writes it anew', async () => {
  expect(await readFile(new URL('../../../plimsoll.schema.json', import.meta.url), 'utf8')).toBe(printPlanSchema());
});

test('the schema has what editors look for', () => {
  expect(planJsonSchema()).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:plimsoll:plan',
    title: 'Plimsoll plan',
    additionalProperties: false,
    required: ['name', 'scenarios', 'phases'],
  });
});
