/** `npm run schema`: writes the committed JSON Schemas anew after a change of a schema. */
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { environmentSchema } from '../lib/environment/environment.ts';
import { scalingPolicySchema } from '../lib/environment/scaling-policy.ts';
import { planSchema } from '../lib/plan/schema.ts';

/**
 * The JSON Schema (draft 2020-12) of a document as it is written, for editors. What no schema can say, such as rules about two
 * values at once, only the document's parser checks.
 */
function print(schema: z.ZodType, id: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $schema, $id: id, ...rest }, undefined, 2)}\n`;
}

/** Every committed JSON Schema by its file. */
export const jsonSchemas = (): Readonly<Record<string, string>> => ({
  'plimsoll.schema.json': print(planSchema, 'urn:plimsoll:plan'),
  'config/environment.schema.json': print(environmentSchema, 'urn:plimsoll:environment'),
  'config/scaling.schema.json': print(scalingPolicySchema, 'urn:plimsoll:scaling'),
});

if (import.meta.main)
  for (const [file, schema] of Object.entries(jsonSchemas()))
    await writeFile(new URL(`../${file}`, import.meta.url), schema);
