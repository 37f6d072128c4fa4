import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import type { Method } from '../../plan/steps/methods.ts';
import { methods } from '../../plan/steps/methods.ts';
import type { Notes } from './notes.ts';

/** Name and value, both as a plan's texts: what is meant literally has no `{{` in it. */
export type Pair = readonly [name: string, value: string];

export type RequestBody =
  | { readonly json: unknown }
  | { readonly form: readonly Pair[] }
  | { readonly raw: string }
  | { readonly file: string }
  | { readonly multipart: readonly (readonly [name: string, part: PartInput])[] };

export type PartInput =
  | string
  | { readonly text: string; readonly type: string }
  | { readonly file: string; readonly filename?: string; readonly type?: string };

/** A request as a script describes it, its texts being a plan's. */
export interface ScriptRequest {
  readonly line?: number | undefined;
  readonly name?: string | undefined;
  readonly method: string;
  /** A path, or a whole URL; may hold a query. */
  readonly address: string;
  readonly query: readonly Pair[];
  readonly headers: readonly Pair[];
  readonly body?: RequestBody | undefined;
  readonly capture?: HttpInput['capture'];
  readonly expect?: HttpInput['expect'];
  readonly timeout?: string | undefined;
}

/** The step that sends it; undefined, and said, where none does. */
export function scriptStep(request: ScriptRequest, notes: Notes): HttpInput | undefined {
  const method = methods.find((each) => each === request.method.toLowerCase());
  if (method === undefined) {
    notes.leftOut(request.line, `no step sends ${request.method.slice(0, 20)}`);
    return undefined;
  }
  const [path, ...inPath] = request.address.split('?');
  const query = queryOf(request, notes);
  const address = [addressOf(path ?? ''), ...inPath.map(encodedQuery)].join('?');
  const body = bodyOf(request, method, notes);
  const headers = headersOf(request, body, notes);
  const expect = Object.fromEntries(Object.entries(request.expect ?? {}).filter(([, value]) => value !== undefined));
  return {
    ...(request.name !== undefined && { name: request.name }),
    [method]: address,
    ...(query !== undefined && { query }),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    ...body,
    ...(request.timeout !== undefined && { timeout: request.timeout }),
    ...(hasEntries(request.capture) && { capture: request.capture }),
    ...(hasEntries(expect) && { expect }),
  };
}

const hasEntries = (map: object | undefined): boolean => map !== undefined && Object.keys(map).length > 0;

/** Pieces of a text, of which every other one is a template. */
const betweenTemplates = (text: string, change: (piece: string) => string): string =>
  text
    .split(/(\{\{.*?\}\})/)
    .map((piece, at) => (at % 2 === 1 ? piece : change(piece)))
    .join('');

/** A path as a plan takes it: encoded where no URL may hold a letter, without empty ends and dots. */
export function addressOf(path: string): string {
  const encoded = betweenTemplates(path.trim(), (piece) =>
    piece.replaceAll(/[\s\p{Cc}#\\"<>^`|]/gu, (letter) => encodeURIComponent(letter)),
  );
  if (encoded.startsWith('{{')) return encoded;
  const [, origin = '', rest = ''] = /^(https?:\/\/[^/]*)?(.*)$/is.exec(encoded) ?? [];
  const rooted = rest.startsWith('/') ? rest : `/${rest}`;
  return `${origin.toLowerCase()}${withoutDots(rooted)}`;
}

/** RFC 3986 §5.2.4. */
function withoutDots(path: string): string {
  if (!/\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path)) return path;
  const left: string[] = [];
  const segments = path.split('/').slice(1);
  for (const segment of segments) {
    const dots = segment.replaceAll(/%2e/gi, '.');
    if (dots === '..') left.pop();
    else if (dots !== '.') left.push(segment);
  }
  return `/${left.join('/')}`;
}

const encodedQuery = (text: string): string =>
  betweenTemplates(text, (piece) => piece.replaceAll(/[\s\p{Cc}#]/gu, (letter) => encodeURIComponent(letter)));

/** Pairs as a map, several of one name as a list. */
export function mapOf(pairs: readonly Pair[], notes: Notes, line?: number): Record<string, Value | Value[]> {
  const lists = Map.groupBy(pairs, ([name]) => name);
  if (lists.delete('__proto__')) notes.leftOut(line, 'no plan can hold the name __proto__');
  return Object.fromEntries(
    [...lists].map(([name, values]) => {
      const [first, ...others] = values.map(([, value]) => scalarOf(value));
      return [name, others.length === 0 ? (first ?? '') : [first ?? '', ...others]];
    }),
  );
}

type Value = string | number;

/** `20` is written as a number, since it is sent as it is written. */
const scalarOf = (text: string): Value => (/^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text.toWellFormed());

function queryOf({ query, line }: ScriptRequest, notes: Notes): HttpInput['query'] {
  return query.length === 0 ? undefined : mapOf(query, notes, line);
}

type StepBodyInput = Pick<HttpInput, 'json' | 'form' | 'body' | 'multipart'>;

function bodyOf(request: ScriptRequest, method: Method, notes: Notes): StepBodyInput {
  const { body, line } = request;
  if (body === undefined) return {};
  if (method === 'get' || method === 'head') {
    notes.leftOut(line, `a ${method} sends no body`);
    return {};
  }
  if ('json' in body) return { json: body.json as NonNullable<HttpInput['json']> };
  if ('form' in body) return body.form.length === 0 ? {} : { form: mapOf(body.form, notes, line) };
  if ('raw' in body) return { body: body.raw.toWellFormed() };
  if ('file' in body) return { body: { file: body.file } };
  const parts = Map.groupBy(body.multipart, ([name]) => name);
  parts.delete('__proto__');
  const multipart = [...parts].map(([name, each]) => [
    name,
    each.length === 1 ? each[0]?.[1] : each.map(([, part]) => part),
  ]);
  return multipart.length === 0 ? {} : { multipart: Object.fromEntries(multipart) as HttpInput['multipart'] };
}

/** The engine's own: who writes them would break the exchange. */
const ENGINES_OWN =
  /^(?::.*|host|connection|content-length|expect|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-connection|accept-encoding)$/i;

/** What follows from the body alone. */
const IMPLIED: readonly (readonly [body: keyof StepBodyInput, type: RegExp])[] = [
  ['json', /^application\/json(?:\s*;\s*charset=["']?utf-?8["']?)?$/i],
  ['form', /^application\/x-www-form-urlencoded(?:\s*;.*)?$/i],
  ['multipart', /^/],
];

function headersOf({ headers, line }: ScriptRequest, body: StepBodyInput, notes: Notes): (readonly [string, Value])[] {
  const found = new Map<string, readonly [string, string]>();
  for (const [name, value] of headers) {
    const clean = headerValue(value);
    if (ENGINES_OWN.test(name) || clean === '') continue;
    if (!isHeaderName(name)) {
      notes.leftOut(line, noHeaderName(name));
      continue;
    }
    if (/^content-type$/i.test(name) && IMPLIED.some(([key, type]) => body[key] !== undefined && type.test(clean)))
      continue;
    const before = found.get(name.toLowerCase());
    found.set(name.toLowerCase(), before === undefined ? [name, clean] : [before[0], `${before[1]}, ${clean}`]);
  }
  return [...found.values()].map(([name, value]) => [name, scalarOf(value)]);
}

/** RFC 9110 §5.1. */
export const isHeaderName = (name: string): boolean => /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && name !== '__proto__';

export const noHeaderName = (name: string): string => `${JSON.stringify(name.slice(0, 40))} is no name of a header`;

/** RFC 9110 §5.5. */
const headerValue = (value: string): string =>
  value
    .toWellFormed()
    .replaceAll(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll(/[^\t\x20-\x7e\u0080-\u{10ffff}]/gu, '')
    .trim();
