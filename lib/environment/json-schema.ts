import { z } from 'zod';
import { environmentSchema } from './environment.ts';
import { scalingPolicySchema } from './scaling-policy.ts';

const print = (schema: z.ZodType, id: string): string => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $schema, $id: id, ...rest }, undefined, 2)}\n`;
};

/** The JSON Schemas (draft 2020-12) for editors, by file name in config/. What is about two values at once stays with the parser. */
export const configurationSchemas = (): Readonly<Record<string, string>> => ({
  'environment.schema.json': print(environmentSchema, 'urn:plimsoll:environment'),
  'scaling.schema.json': print(scalingPolicySchema, 'urn:plimsoll:scaling'),
});
