import { z } from 'zod';
import { duration } from '../../../schedule/duration.ts';
import { pattern } from './capture.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const expectBody = z.union([
  z.string().describe('Text that the body contains.'),
  z.strictObject({ contains: z.string() }),
  z.strictObject({ regex: pattern }),
  z
    .strictObject({ json: z.record(z.string(), z.union([scalar, z.null(), z.strictObject({ exists: z.boolean() })])) })
    .describe('JSONPath → the value that must stand there, or { exists: true } where any may.'),
]);

const oneStatus = z.union([
  z.int().min(100).max(599),
  z.string().regex(/^[1-5]xx$/, 'is no status; write 200, or 2xx for all from 200 to 299'),
]);

const statuses = z.union([oneStatus, z.array(oneStatus).min(1)]);

export const expectation = z.strictObject({
  status: z
    .union([statuses, z.literal('any'), z.strictObject({ not: statuses })])
    .optional()
    .describe('200, 2xx, a list of such, { not: 404 }, or any.'),
  header: z.record(z.string(), scalar).optional().describe('Header → text that it contains.'),
  body: expectBody.optional(),
  time: duration.optional().describe('The longest response time that passes.'),
});
