import { z } from 'zod';
import { planSchema } from './schema.ts';

/**
 * The JSON Schema (draft 2020-12) of a plan as written, for editors. What no schema can say stays with `parsePlan`.
 * The committed plimsoll.schema.json is this, printed.
 */
export function planJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(planSchema, { io: 'input' });
  return { $schema, $id: 'urn:plimsoll:plan', ...schema };
}

/** As it is committed. */
export const printPlanSchema = (): string => `${JSON.stringify(planJsonSchema(), undefined, 2)}\n`;
