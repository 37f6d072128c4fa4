import { writeFile } from 'node:fs/promises';
import { configurationSchemas } from '../lib/environment/json-schema.ts';
import { printPlanSchema } from '../lib/plan/json-schema.ts';

/** Writes the committed JSON Schemas anew after a change of a schema. */
await writeFile(new URL('../plimsoll.schema.json', import.meta.url), printPlanSchema());
for (const [name, schema] of Object.entries(configurationSchemas())) {
  await writeFile(new URL(`../config/${name}`, import.meta.url), schema);
}
