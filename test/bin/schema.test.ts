import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { jsonSchemas } from '../../bin/schema.ts';

test.each(Object.entries(jsonSchemas()))('%s is fresh; `npm run schema` writes it anew', async (file, schema) => {
  expect(await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(schema);
});

test('the schema of plans has what editors look for', () => {
  expect(JSON.parse(jsonSchemas()['plimsoll.schema.json'] ?? '')).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:plimsoll:plan',
    title: 'Plimsoll plan',
    additionalProperties: false,
    required: ['name', 'scenarios'],
    anyOf: [{ required: ['phases'] }, { required: ['capacity'] }],
  });
});
