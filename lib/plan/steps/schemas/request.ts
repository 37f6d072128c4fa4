import { z } from 'zod';
import { duration } from '../../../schedule/duration.ts';
import { bodies, methods, type Method } from '../methods.ts';
import { capture } from './capture.ts';
import { expectation } from './expectation.ts';
import { functionName } from './hooks.ts';
import { variableName } from './name.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
/** A list is sent as several lines of one name. */
export const sentHeaders = z
  .record(z.string(), z.union([scalar, z.array(scalar).min(1)]))
  .describe('Name → value, or a list of values: a header for each. Names are sent as written.');
/** A list is sent as several of one name. */
const pairs = z.record(z.string(), z.union([scalar, z.array(scalar).min(1)]));
const path = z
  .string()
  .min(1)
  .describe('A path on the target, or a whole URL on an allowed host. Templates may be used.');
const file = z.string().min(1).describe('A file beside the plan. It is read once, and its bytes are sent as they are.');
const mediaType = z.string().regex(/^(?!.*\{\{)[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:[\t ]*;[\t\x20-\x7e]*)?$/, {
  error: 'is no media type; write one such as image/png, without templates',
});

const templates = z.boolean().optional().describe('Whether it is a text whose templates are filled in. Default false.');

const part = z.union([
  scalar,
  z.strictObject({ text: z.string(), type: mediaType.optional() }),
  z.strictObject({
    file,
    templates,
    filename: z.string().min(1).optional().describe("Default: the file's own."),
    type: mediaType.optional().describe('Default: application/octet-stream.'),
  }),
]);

const verbs = Object.fromEntries(methods.map((method) => [method, path.optional()])) as {
  [M in Method]: z.ZodOptional<z.ZodString>;
};

/** Whether a journey ends with a reply whose status or content is not as expected, or takes the next step. */
export const onFail = z.enum(['end', 'next']);
export type OnFail = z.infer<typeof onFail>;

export const redirects = z
  .enum(['stay', 'follow'])
  .describe('Whether replies with a redirect are the end of a step (default), or followed, each hop a request.');
export type Redirects = z.infer<typeof redirects>;

const hookNames = z.union([functionName, z.array(functionName).min(1)]);

export const httpSchema = z
  .strictObject({
    ...verbs,
    name: z.string().min(1).optional().describe('How reports call it; by default the method and the path as written.'),
    headers: sentHeaders.optional(),
    query: pairs.optional().describe('Name → value, or a list of values.'),
    json: z.json().optional().describe('A JSON body. A text that is one template keeps the type of its value.'),
    form: pairs.optional().describe('A form body (application/x-www-form-urlencoded).'),
    body: z
      .union([z.string(), z.strictObject({ file, templates })])
      .optional()
      .describe('A raw body, as it stands or from a file.'),
    multipart: z
      .record(z.string(), z.union([part, z.array(part).min(1)]))
      .optional()
      .describe('Fields and files (multipart/form-data). A list is several parts of one name.'),
    timeout: duration.optional(),
    onFail: onFail.optional().describe("Instead of the plan's."),
    redirects: redirects.optional().describe("Instead of the plan's."),
    capture: z.record(variableName, capture).optional().describe('Variable → where its value stands.'),
    beforeRequest: hookNames.optional().describe("Functions of the plan's hooks, called after the plan's own."),
    afterResponse: hookNames.optional().describe("Functions of the plan's hooks, called after the plan's own."),
    expect: expectation.optional().describe('By default any status below 400 passes.'),
  })
  .refine((step) => methods.filter((method) => step[method] !== undefined).length === 1, {
    error: `needs exactly one of ${methods.join(', ')}`,
    // Ends this branch of the step union, so that a step of another kind isn't taken for a request without a method.
    abort: true,
  })
  .refine((step) => bodies.filter((body) => step[body] !== undefined).length <= 1, {
    error: 'has more than one of json, form, body and multipart; keep one',
  });

export type HttpInput = z.infer<typeof httpSchema>;
/** A part of a form as it is written. */
export type MultipartInput = z.infer<typeof part>;
