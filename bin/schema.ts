import { writeFile } from 'node:fs/promises';
import { printJsonSchema } from '../lib/document/json-schema.ts';
import { environmentSchema } from '../lib/environment/environment.ts';
import { scalingPolicySchema } from '../lib/environment/scaling-policy.ts';
import { planSchema } from '../lib/plan/schema.ts';

const schemas = [
  ['plimsoll.schema.json', planSchema, 'urn:plimsoll:plan'],
  ['config/environment.schema.json', environmentSchema, 'urn:plimsoll:environment'],
  ['config/scaling.schema.json', scalingPolicySchema, 'urn:plimsoll:scaling'],
] as const;

/** Writes the committed JSON Schemas anew after a change of a schema. */
for (const [file, schema, id] of schemas)
  await writeFile(new URL(`../${file}`, import.meta.url), printJsonSchema(schema, id));
