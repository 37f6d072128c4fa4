import { writeFile } from 'node:fs/promises';
import { printPlanSchema } from '../lib/plan/json-schema.ts';

/** Writes plimsoll.schema.json anew after a change of the plan's schema. */
await writeFile(new URL('../plimsoll.schema.json', import.meta.url), printPlanSchema());
