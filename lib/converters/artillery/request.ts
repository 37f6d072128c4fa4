import type { Path } from '../../document/problems.ts';
import { asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import { methods, type Method } from '../../plan/steps/methods.ts';
import { isHeaderName, noHeaderName } from '../building/request.ts';
import { capturesOf, jsonPathOf } from './captures.ts';
import { expectOf } from './expectations.ts';
import { type VariableNames, wordOf } from './names.ts';
import type { Remarks } from './remarks.ts';

/** Functions of the processor that are called at each request of a scenario. */
export interface Around {
  readonly beforeRequest: readonly string[];
  readonly afterResponse: readonly string[];
}

/** What a scenario's requests need to know of the script. */
export interface RequestScope {
  readonly names: VariableNames;
  readonly remarks: Remarks;
  readonly target: string;
  readonly strictCapture: boolean;
  readonly expects: boolean;
  /** A file beside the script, as a name that the plan reads. */
  readonly file: (path: string) => string;
  readonly around: Around;
  functions(path: Path, place: string, written: unknown): string[];
}

type Scalar = string | number | boolean;
type Body = Pick<HttpInput, 'json' | 'form' | 'body' | 'multipart'>;

export const isMethod = (key: string): key is Method => methods.some((method) => method === key);

/** Keys that are read here or in flow.ts. */
const READ: ReadonlySet<string> = new Set(
  'url uri name json body form formData qs headers cookie auth capture match expect followRedirect gzip ifTrue probability beforeRequest afterResponse setContentLengthHeader allowGetBody'.split(
    ' ',
  ),
);

const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);

/** A request of Artillery's HTTP engine as a step. */
export function requestStep(
  method: Method,
  written: unknown,
  path: Path,
  context: RequestScope,
): HttpInput | undefined {
  const { names, remarks } = context;
  const params: Draft = typeof written === 'string' ? { url: written } : asRecord(written);
  if (typeof written === 'string') remarks.changed(path, 'Artillery wants url: before it, and ends the journey here');
  const url = asText(params['url']) ?? asText(params['uri']);
  if (url === undefined || url === '') {
    remarks.leftOut(path, `a ${method} without a url, with which Artillery ends the journey`);
    return undefined;
  }
  for (const key of Object.keys(params))
    if (!READ.has(key)) remarks.noted([...path, key], `${key} of a request, which Artillery ignores`);
  const headers = headersOf(params, path, context);
  const name = asText(params['name']);
  const captures =
    params['capture'] === undefined ? {} : capturesOf(params['capture'], [...path, 'capture'], captureContext(context));
  const checks = checksOf(params, path, context);
  return {
    [method]: pathOf(url, params, path, context),
    ...(name !== undefined && !name.includes('{{') && { name }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...queryOf(params, path, names),
    ...bodyOf(method, params, path, context),
    ...(params['followRedirect'] === false && { redirects: 'stay' as const }),
    ...(Object.keys(captures).length > 0 && { capture: captures }),
    ...hooksOf(params, path, context),
    ...checks,
  };
}

function hooksOf(params: Draft, path: Path, scope: RequestScope): Partial<HttpInput> {
  const named = (['beforeRequest', 'afterResponse'] as const).map((key) => {
    const names = [...scope.around[key], ...scope.functions([...path, key], key, params[key])];
    return [key, names.length === 1 ? (names[0] ?? '') : names] as const;
  });
  return Object.fromEntries(named.filter(([, names]) => names.length > 0));
}

const captureContext = ({ names, remarks, strictCapture }: RequestScope) => ({
  names,
  remarks,
  strict: strictCapture,
});

/** Below the target where it begins with a slash; `qs` replaces a query of the url. */
function pathOf(url: string, params: Draft, path: Path, { names, target, remarks }: RequestScope): string {
  const text = names.text(url.trim(), 'path', [...path, 'url']);
  const own = text.startsWith(target) && target !== '' ? text.slice(target.length) : text;
  const queryless = params['qs'] === undefined ? own : (own.split('?')[0] ?? own);
  if (/^(?:\/|https?:|\{\{)/i.test(queryless)) return queryless;
  if (queryless === '') return '/';
  if (queryless.startsWith('?')) return `/${queryless}`;
  remarks.changed(
    [...path, 'url'],
    `${url} is no address for Artillery, which ends the journey; the plan puts a slash before it`,
  );
  return `/${queryless}`;
}

function queryOf({ qs }: Draft, path: Path, names: VariableNames): Pick<HttpInput, 'query'> {
  const entries = Object.entries(asRecord(qs));
  const place = [...path, 'qs'];
  const known = entries.map(([key, value]): [string, unknown] => [key, names.isNothing(value, place) ? '' : value]);
  return entries.length === 0 ? {} : { query: pairs(known, place, names) };
}

/** Values of a query or form; an empty list has none. */
function pairs(
  entries: readonly [string, unknown][],
  path: Path,
  names: VariableNames,
): Record<string, Scalar | Scalar[]> {
  const scalar = (value: unknown): Scalar => {
    if (typeof value === 'string') return names.text(value, 'text', path);
    return isScalar(value) ? value : value === null || value === undefined ? '' : JSON.stringify(value);
  };
  return Object.fromEntries(
    entries
      .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
      .map(([key, value]) => [names.text(key, 'text', path), Array.isArray(value) ? value.map(scalar) : scalar(value)]),
  );
}

/** Headers as the plan has them; those without a value are not sent. */
export function headerTexts(
  written: unknown,
  path: Path,
  { names, remarks }: Pick<RequestScope, 'names' | 'remarks'>,
): Record<string, Scalar> {
  const entries = Object.entries(asRecord(written)).filter(
    ([key, value]) => isScalar(value) && !names.isNothing(value, [...path, key]),
  );
  for (const [key] of entries) if (!isHeaderName(key)) remarks.leftOut([...path, key], noHeaderName(key));
  return Object.fromEntries(
    entries
      .filter(([key]) => isHeaderName(key))
      .map(([key, value]) => [
        key,
        typeof value === 'string' ? names.text(value.trim(), 'text', [...path, key]) : (value as Scalar),
      ]),
  );
}

function headersOf(params: Draft, path: Path, context: RequestScope): Record<string, Scalar> {
  const { names, remarks } = context;
  const headers = headerTexts(params['headers'], [...path, 'headers'], context);
  if (params['formData'] !== undefined)
    for (const key of Object.keys(headers)) if (key.toLowerCase() === 'content-type') delete headers[key];
  const cookie = cookieText(params['cookie'], [...path, 'cookie'], names);
  if (cookie !== '') headers['cookie'] = cookie;
  const { user, pass } = asRecord(params['auth']);
  if (user !== undefined || pass !== undefined) {
    const known = [user, pass].map((text) => names.fixed(text ?? '', [...path, 'auth']));
    if (known.includes(undefined))
      remarks.leftOut([...path, 'auth'], 'basic authentication with values that are known only while it runs');
    else headers['authorization'] = `Basic ${Buffer.from(known.map(wordOf).join(':')).toString('base64')}`;
  }
  return headers;
}

/** `{ a: 1 }` → `a=1`. */
export const cookieText = (written: unknown, path: Path, names: VariableNames): string =>
  Object.entries(asRecord(written))
    .map(([key, value]) => `${key}=${names.text(wordOf(value), 'text', path)}`)
    .join('; ');

/** Artillery takes json before body, and a form in place of either where there is one. */
function bodyOf(method: Method, params: Draft, path: Path, context: RequestScope): Body {
  const { names, remarks } = context;
  const key = (['formData', 'form', 'json', 'body'] as const).find((each) => Boolean(params[each]));
  if (key === undefined) return {};
  const [value, place] = [params[key], [...path, key]];
  if (method === 'head') {
    remarks.leftOut(place, `the body of a ${method}, which a plan doesn't send`);
    return {};
  }
  if (key === 'json') return { json: names.json(value, place) as NonNullable<HttpInput['json']> };
  if (key === 'form') return { form: pairs(Object.entries(asRecord(value)).map(withJoinedList), place, names) };
  if (key === 'formData') return { multipart: partsOf(asRecord(value), place, context) };
  if (isScalar(value)) return { body: names.text(wordOf(value), 'text', place) };
  remarks.changed(place, 'a body that is no text, with which Artillery fails; the plan sends it as JSON');
  return { json: names.json(value, place) as NonNullable<HttpInput['json']> };
}

/** A form's list is sent as one text. */
const withJoinedList = ([key, value]: [string, unknown]): [string, unknown] => [
  key,
  Array.isArray(value) ? value.map(wordOf).join(',') : value,
];

function partsOf(fields: Draft, path: Path, { names, file }: RequestScope): NonNullable<HttpInput['multipart']> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (isScalar(value)) return [key, typeof value === 'string' ? names.text(value, 'text', path) : value];
      const { fromFile, contentType, value: text } = asRecord(value);
      const type = typeof contentType === 'string' ? { type: contentType } : {};
      if (typeof fromFile === 'string') return [key, { file: file(fromFile), ...type }];
      return [key, { text: names.text(wordOf(text ?? ''), 'text', path), ...type }];
    }),
  );
}

/** `expect`, and `match`, with which a journey ends. */
function checksOf(params: Draft, path: Path, context: RequestScope): Pick<HttpInput, 'expect' | 'onFail'> {
  const { names, remarks, expects } = context;
  const captured = new Map(
    [params['capture']].flat().flatMap((each): [string, string][] => {
      const { as, json } = asRecord(each);
      const found = typeof json === 'string' ? jsonPathOf(json) : undefined;
      return typeof as === 'string' && found !== undefined ? [[as, found]] : [];
    }),
  );
  if (params['expect'] !== undefined && !expects)
    remarks.changed(
      [...path, 'expect'],
      'Artillery checks expect only with config.plugins.expect; the plan does check it',
    );
  const expect =
    params['expect'] === undefined
      ? undefined
      : expectOf(params['expect'], [...path, 'expect'], { names, remarks }, captured);
  const matched = params['match'] === undefined ? undefined : matchOf(params['match'], [...path, 'match'], context);
  if (matched === undefined) return expect === undefined ? {} : { expect };
  return { onFail: 'end', expect: { status: 'any', ...expect, body: { json: { ...jsonOf(expect), ...matched } } } };
}

const jsonOf = (expect: HttpInput['expect']): Record<string, Scalar | null | { exists: boolean }> => {
  const body = expect?.body;
  return typeof body === 'object' && 'json' in body ? body.json : {};
};

function matchOf(written: unknown, path: Path, { names, remarks }: RequestScope): Record<string, Scalar> | undefined {
  const found: Record<string, Scalar> = {};
  for (const each of [written].flat()) {
    const { json, value } = asRecord(each);
    const at = typeof json === 'string' ? jsonPathOf(json) : undefined;
    const known = names.fixed(value, path);
    if (at !== undefined && isScalar(known)) found[at] = known;
    else remarks.leftOut(path, 'a match of what is no JSON with a fixed value');
  }
  return Object.keys(found).length === 0 ? undefined : found;
}
