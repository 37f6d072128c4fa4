import { durationUs } from '../../units.ts';
import type { JsonText } from '../../document/exact-json.ts';
import { lowerCapture, type Capture } from '../capture.ts';
import { functionNames } from './hooks.ts';
import { lowerExpectation, type Expectation } from '../expectation.ts';
import type { StepKind } from './kind.ts';
import { bodies, methods, type Method } from './methods.ts';
import type { HttpInput, OnFail, MultipartInput, Redirects } from './schemas/request.ts';

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
  schema: ({ request }) => request,
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

const lowerParts = ([name, parts]: [string, MultipartInput | MultipartInput[]]): Part[] =>
  [parts].flat().map((each) => lowerPart(name, each));

function lowerPart(name: string, from: MultipartInput): Part {
  if (typeof from !== 'object') return { name, content: { text: String(from) } };
  const type = from.type === undefined ? {} : { type: from.type };
  if ('text' in from) return { name, ...type, content: { text: from.text } };
  const filename = from.filename ?? from.file.split(/[\\/]/).at(-1) ?? from.file;
  return { name, type: OCTETS, ...type, filename, content: { file: from.file, templates: from.templates } };
}

const OCTETS = 'application/octet-stream';
