import { z } from 'zod';
import { parseXmlPath } from '../xml-path.ts';

/** A regular expression of JavaScript, with the flag u. */
export const pattern = z.string().refine(isRegex, { error: 'is no regular expression (of JavaScript, flag u)' });

const xmlPath = z
  .string()
  .refine((text) => parseXmlPath(text) !== undefined, {
    error: 'is no path into XML; write one such as /order/item[2]/@id or //price',
  })
  .describe('A path into an XML body: /order/item[2]/@id, //price. Names match with or without their prefix.');

const selector = z
  .string()
  .describe(
    'A CSS selector into an HTML body, and @ with the attribute to take: input[name=csrf]@value. Without @ it is the text.',
  );

/** What becomes of a capture that the reply doesn't hold; without either the request has failed. */
const missing = {
  optional: z.boolean().optional().describe('Whether the reply may lack it; the variable then has no value.'),
  default: z.json().optional().describe('The value where the reply lacks it.'),
};
const match = z
  .enum(['first', 'all', 'random'])
  .optional()
  .describe('Which of several: the first (default), all as a list, or one at random.');

export const capture = z.union([
  z.string().describe('A JSONPath (RFC 9535) into a JSON body, such as $.token; or status'),
  z.strictObject({ json: z.string(), match, ...missing }),
  z.strictObject({ header: z.string(), ...missing }),
  z.strictObject({ cookie: z.string().min(1).describe('One that the reply sets.'), ...missing }),
  z.strictObject({ xml: xmlPath, match, ...missing }),
  z.strictObject({ html: selector, match, ...missing }),
  z.strictObject({ regex: pattern, group: z.int().min(0).optional(), match, ...missing }),
]);

export function isRegex(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
