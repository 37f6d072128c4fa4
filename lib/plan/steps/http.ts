import { z } from 'zod';
import { duration, durationUs } from '../../schedule/duration.ts';
import type { JsonText } from '../../document/exact-json.ts';
import { variableName } from '../name.ts';
import { capture, lowerCapture, type Capture } from '../capture.ts';
import { functionName, functionNames } from './hooks.ts';
import { expectation, lowerExpectation, type Expectation } from '../expectation.ts';
import type { StepKind } from './kind.ts';

export const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;
export type Method = (typeof methods)[number];

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
type OnFail = z.infer<typeof onFail>;

export const redirects = z
  .enum(['stay', 'follow'])
  .describe('Whether replies with a redirect are the end of a step (default), or followed, each hop a request.');
type Redirects = z.infer<typeof redirects>;

/** `end` and `stay` where they are not given. */
export interface Habits<Missing = never> {
  readonly onFail?: OnFail | Missing;
  readonly redirects?: Redirects | Missing;
}

/** What a plan, or a step, says of both. */
export const habitsOf = ({ onFail: end, redirects: hop }: Habits<undefined>): Habits => ({
  ...(end !== undefined && { onFail: end }),
  ...(hop !== undefined && { redirects: hop }),
});

/** The keys of which each is a body. */
export const bodies = ['json', 'form', 'body', 'multipart'] as const;

const hookNames = z.union([functionName, z.array(functionName).min(1)]);

const httpSchema = z
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
type Scalar = string | number | boolean;
/** Names, each with a value or with several. */
export type Pairs = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** A part of a form: text with templates, or the bytes of a file that the plan names. */
export interface Part {
  /** May hold templates. */
  readonly name: string;
  readonly type?: string;
  /** May hold templates. */
  readonly filename?: string;
  readonly content: { readonly text: string } | SentFile;
}

/** A file that the plan names. One whose templates are filled in becomes a text when the plan is lowered. */
export interface SentFile {
  readonly file: string;
  readonly templates?: boolean | undefined;
}

type StepBody =
  | { readonly json: JsonText }
  | { readonly form: Pairs }
  | { readonly raw: string }
  | SentFile
  | { readonly multipart: readonly Part[] };

export interface HttpStep {
  readonly kind: 'http';
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly headers: Pairs;
  readonly query: Pairs;
  readonly body?: StepBody;
  readonly timeoutUs?: number;
  readonly onFail?: OnFail;
  readonly redirects?: Redirects;
  readonly captures: readonly Capture[];
  readonly beforeRequest?: readonly string[];
  readonly afterResponse?: readonly string[];
  readonly expect: Expectation;
}

/** An HTTP request: one method and its path, what is sent, what is captured of the reply, and what the reply must be. */
export const http: StepKind<HttpInput, HttpStep> = {
  keys: methods,
  schema: () => httpSchema,
  lower: lowerHttp,
  course: () => ({ requests: 1, thinkUs: 0, beforeUs: 0 }),
  templates: [...methods, 'headers', 'query', ...bodies],
  templateKeys: ['query', 'json', 'form', 'multipart'],
  literals: ['name', 'capture', 'expect'],
};

/** The schema's own rule has made sure that there is exactly one method. */
export function lowerHttp(input: HttpInput): HttpStep {
  const method = methods.find((candidate) => input[candidate] !== undefined) ?? 'get';
  const target = input[method] ?? '/';
  return {
    kind: 'http',
    name: input.name ?? `${method.toUpperCase()} ${target}`,
    method,
    path: target,
    headers: input.headers ?? {},
    query: input.query ?? {},
    ...lowerBody(input),
    ...(input.timeout !== undefined && { timeoutUs: durationUs(input.timeout) }),
    ...habitsOf(input),
    ...(input.beforeRequest !== undefined && { beforeRequest: functionNames(input.beforeRequest) }),
    ...(input.afterResponse !== undefined && { afterResponse: functionNames(input.afterResponse) }),
    captures: Object.entries(input.capture ?? {}).map(([as, from]) => lowerCapture(as, from)),
    expect: lowerExpectation(input.expect ?? {}),
  };
}

function lowerBody(input: HttpInput): Pick<HttpStep, 'body'> {
  if (input.json !== undefined) return { body: { json: JSON.stringify(input.json) } };
  if (input.form !== undefined) return { body: { form: input.form } };
  if (input.multipart !== undefined)
    return { body: { multipart: Object.entries(input.multipart).flatMap(lowerParts) } };
  if (input.body === undefined) return {};
  return { body: typeof input.body === 'string' ? { raw: input.body } : input.body };
}

const lowerParts = ([name, parts]: [string, z.infer<typeof part> | z.infer<typeof part>[]]): Part[] =>
  [parts].flat().map((each) => lowerPart(name, each));

function lowerPart(name: string, from: z.infer<typeof part>): Part {
  if (typeof from !== 'object') return { name, content: { text: String(from) } };
  const type = from.type === undefined ? {} : { type: from.type };
  if ('text' in from) return { name, ...type, content: { text: from.text } };
  const filename = from.filename ?? from.file.split(/[\\/]/).at(-1) ?? from.file;
  return { name, type: OCTETS, ...type, filename, content: { file: from.file, templates: from.templates } };
}

const OCTETS = 'application/octet-stream';
