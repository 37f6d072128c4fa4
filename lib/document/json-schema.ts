import { z } from 'zod';

/**
 * The JSON Schema (draft 2020-12) of a document as it is written, for editors, printed as it is committed. What no schema can
 * say, such as rules about two values at once, only the document's parser checks.
 */
export function printJsonSchema(schema: z.ZodType, id: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $schema, $id: id, ...rest }, undefined, 2)}\n`;
}
