import { stringify } from 'node:querystring';
import { randomUUID } from 'node:crypto';
import type { HttpStep } from '../../lib/plan/steps/http.ts';
import type { RequestChanges } from './port.ts';
import { filled } from './processor-template.ts';

/** What Artillery calls requestParams: a request as its script has it, templates and all. */
export interface Params {
  url: string;
  method: string;
  [key: string]: unknown;
}

interface Vars {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly funcs: Readonly<Record<string, unknown>>;
}

export function paramsOf(step: HttpStep, names: readonly string[], target: string): Params {
  const { method, path, name, headers, query, body } = step;
  return {
    url: path.startsWith('/') ? target.replace(/\/$/, '') + path : path,
    method: method.toUpperCase(),
    name,
    timeout: (step.timeoutUs ?? 10e6) / 1e6,
    uuid: randomUUID(),
    beforeRequest: names,
    headers: structuredClone(headers),
    ...(Object.keys(query).length > 0 && { qs: structuredClone(query) }),
    ...bodyOf(body),
  };
}

function bodyOf(body: HttpStep['body']): Record<string, unknown> {
  if (body === undefined) return {};
  if ('json' in body) return { json: JSON.parse(body.json) as unknown };
  if ('form' in body) return { form: structuredClone(body.form) };
  return 'raw' in body ? { body: body.raw } : {};
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (!(b instanceof Uint8Array) && JSON.stringify(a) === JSON.stringify(b));

/** What functions have changed, as it is sent in the end. */
export function changesOf(before: Params, after: Params, step: HttpStep, context: Vars): RequestChanges {
  const fill = (value: unknown): unknown => filled(value, context);
  const text = (value: unknown): string => wordOf(fill(value));
  const differs = (key: string): boolean => !isSame(before[key], after[key]);
  const body = bodyChange(after, { differs, fill });
  const headers: Record<string, string> = {};
  const own = asRecord(before['headers']);
  for (const [name, value] of Object.entries(asRecord(after['headers'])))
    if (value !== undefined && own[name] !== value) headers[name.toLowerCase()] = text(value).trim();
  if (body.type !== undefined && !hasType(step, headers)) headers['content-type'] = body.type;
  const { user, pass } = asRecord(after['auth']);
  if (differs('auth'))
    headers['authorization'] = `Basic ${Buffer.from(`${text(user)}:${text(pass)}`).toString('base64')}`;
  if (differs('cookie'))
    headers['cookie'] = Object.entries(asRecord(after['cookie']))
      .map(([name, value]) => `${name}=${text(value)}`)
      .join('; ');
  const url = urlChange(after, { differs, fill });
  return {
    ...(after.method !== before.method && { method: after.method }),
    ...(url !== undefined && { url }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(body.body !== undefined && { body: body.body }),
  };
}

interface Look {
  readonly differs: (key: string) => boolean;
  readonly fill: (value: unknown) => unknown;
}

/** `uri` wins over `url`, and a query that was set on its own takes the place of the url's. */
function urlChange(after: Params, { differs, fill }: Look): string | undefined {
  if (!['url', 'uri', 'qs', 'searchParams'].some(differs)) return undefined;
  const url = wordOf(fill(after['uri'] ?? after.url));
  const query = after['searchParams'] ?? after['qs'];
  if (query === undefined) return encodeURI(url).replaceAll('%25', '%');
  const written = typeof query === 'string' ? query : stringify(fill(query) as Record<string, string>);
  return `${url.split('?')[0] ?? url}?${written.replace(/^\?/, '')}`;
}

/** JSON goes before a body, and a form before either. */
function bodyChange(after: Params, { differs, fill }: Look): { body?: string | Uint8Array | null; type?: string } {
  if (!['json', 'body', 'form'].some(differs)) return {};
  const { json, body, form } = after;
  if (form !== undefined && form !== null && differs('form'))
    return { body: stringify(fill(form) as Record<string, string>), type: 'application/x-www-form-urlencoded' };
  if (json) return { body: JSON.stringify(fill(json)), type: 'application/json' };
  if (body instanceof Uint8Array) return { body };
  if (body) return { body: wordOf(fill(body)) };
  return { body: null };
}

const hasType = ({ headers }: HttpStep, changed: Readonly<Record<string, string>>): boolean =>
  'content-type' in changed || Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');

const wordOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : `${value as string | number | undefined}`;
