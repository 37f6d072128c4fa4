import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';

/** A value as the plan or a reply writes it, and the letters that it must be sent as. */
export interface Known {
  readonly json: string;
  readonly letters: string;
}

export const ARRIVALS = 5;

const texts = [
  'a',
  '',
  '.',
  '..',
  '../..',
  'C#',
  'a b',
  ' a',
  'a/b?c=d&e',
  '100%',
  '%2F',
  '+',
  '"\\',
  'ü',
  '名😀',
  'x\ny',
  '{{ a }}',
  '00017',
  'null',
];
const numbers = ['0', '-1', '1.10', '1e21', '8214565720323784705', '-9007199254740993', '0.0000001'];

const known: fc.Arbitrary<Known> = fc.oneof(
  fc.constantFrom(...texts).map((letters) => ({ json: JSON.stringify(letters), letters })),
  fc.constantFrom(...numbers).map((json) => ({ json, letters: json })),
  fc.constantFrom('true', 'null').map((json) => ({ json, letters: json })),
);
/** A plan's variable is no template. */
const fixed = known.filter(({ letters }) => !letters.includes('{{'));

/**
 * Where a value comes from; a feeder's is of the arrival's own row, `tag` is captured from XML, `csrf` from HTML, `item` of a captured list, `head` from a
 * header, `biscuit` from a cookie, and `match` by a pattern; `pass(capture)` is what code of the plan has made of it, which is the same.
 */
const sources = [
  'variable',
  'capture',
  'users.value',
  'tag',
  'csrf',
  'item',
  'head',
  'biscuit',
  'match',
  'pass(capture)',
] as const;
const places = [
  'segment',
  'query',
  'key',
  'list',
  'header',
  'form',
  'json',
  'inside json',
  'body',
  'multipart',
  'filename',
] as const;

/** How a reply that holds the value is written. */
export const codings: Readonly<
  Record<string, readonly [headers: Readonly<Record<string, string>>, encode: (letters: string) => Buffer]>
> = {
  plain: [{}, (letters) => Buffer.from(letters)],
  'byte order mark': [{}, (letters) => Buffer.from(`\u{FEFF}${letters}`)],
  'UTF-16': [{ 'content-type': 'application/json; charset=utf-16le' }, (letters) => Buffer.from(letters, 'utf16le')],
  gzip: [{ 'content-encoding': 'gzip' }, (letters) => gzipSync(letters)],
  deflate: [{ 'content-encoding': 'deflate' }, (letters) => deflateSync(letters)],
  'raw deflate': [{ 'content-encoding': 'deflate' }, (letters) => deflateRawSync(letters)],
  brotli: [{ 'content-encoding': 'br' }, (letters) => brotliCompressSync(letters)],
  'gzip in zstd': [{ 'content-encoding': 'gzip, zstd' }, (letters) => zstdCompressSync(gzipSync(letters))],
};

/** What stands round the step: each of them sends it once. */
const frames = {
  none: (step: string) => step,
  condition: (step: string) =>
    `{ if: users.n >= 0 and not (capture == "no such"), steps: [${step}], else: [{ get: /wrong }] }`,
  otherwise: (step: string) => `{ if: users.n < 0, steps: [{ get: /wrong }], else: [${step}] }`,
  loop: (step: string) => `{ while: users.n >= 0, atMost: 1, steps: [${step}] }`,
} as const;

export const cases = fc.record({
  frame: fc.constantFrom('none' as const, 'condition' as const, 'otherwise' as const, 'loop' as const),
  variable: fixed,
  capture: known,
  rows: fc.array(fc.constantFrom(...texts), { minLength: 1, maxLength: 6 }),
  order: fc.constantFrom('sequential' as const, 'unique' as const),
  coding: fc.constantFrom(...Object.keys(codings)),
  http2: fc.boolean(),
  source: fc.constantFrom(...sources),
  place: fc.constantFrom(...places),
  hooked: fc.boolean(),
});

export interface Case {
  readonly variable: Known;
  readonly capture: Known;
  readonly rows: readonly string[];
  readonly order: 'sequential' | 'unique';
  readonly coding: string;
  /** By undici, which speaks HTTP/1.1 too. */
  readonly http2: boolean;
  readonly source: (typeof sources)[number];
  readonly place: (typeof places)[number];
  readonly frame: keyof typeof frames;
  /** Code of the plan takes all of it apart, and puts it together again as it was. */
  readonly hooked: boolean;
}

const stepOf = ({ source, place }: Case): string => {
  const value = `{{ ${source} }}`;
  const parts: Readonly<Record<Case['place'], string>> = {
    segment: `post: "/echo/${value}/end"`,
    query: `post: /echo, query: { v: "<${value}>" }`,
    list: `post: /echo, query: { v: ["<${value}>", "${value}"] }`,
    multipart: `post: /echo, multipart: { v: "<${value}>" }`,
    filename: `post: /echo, multipart: { v: { file: x.txt, filename: "<${value}>" } }`,
    key: `post: /echo, query: { "<${value}>": v }`,
    header: `post: /echo, headers: { v: "<${value}" }`,
    form: `post: /echo, form: { "${value}": "${value}" }`,
    json: `post: /echo, json: { v: "${value}" }`,
    'inside json': `post: /echo, json: { v: ["<${value}>"] }`,
    body: `post: /echo, body: "<${value}>"`,
  };
  return `{ ${parts[place].replace('headers: {', 'headers: { n: "{{ $user }}",')}${place === 'header' ? '' : ', headers: { n: "{{ $user }}" }'} }`;
};

const framed = (each: Case): string => {
  const step = frames[each.frame](stepOf(each));
  return each.source === 'item' ? `{ loop: { over: list, as: item, steps: [${step}] } }` : step;
};

/** A module of hooks whose functions change nothing that a server could see. */
export const PASSING = `
export const pass = (value) => value;
export const start = (context) => { context.variables.own = { user: context.user }; };
export const before = (request, context) => {
  request.method = request.method.toLowerCase();
  request.url = new URL(request.url);
  request.headers = { ...request.headers, 'x-more': 1 };
  if (typeof request.body === 'string') request.body = Buffer.from(request.body);
  if (context.variables.own.user !== context.user) request.url = '/wrong';
};
export const after = (response, { variables }) => {
  for (const [name, value] of Object.entries(variables)) variables[name] = value;
};
`;

const hooksOf = ({ source, hooked }: Case, module: string): string => {
  const calls = hooked ? ', sets: [own], beforeJourney: start, beforeRequest: before, afterResponse: after' : '';
  return hooked || source === 'pass(capture)' ? `hooks: { file: ${JSON.stringify(module)}${calls} }` : '';
};

/** A number in code is a double, or where it is none a text. */
function throughCode({ json, letters }: Known): Known {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'number') return { json, letters };
  const isHeld = !/^-?\d{16,}$/.test(json);
  return isHeld ? { json: String(value), letters: String(value) } : { json: `"${json}"`, letters: json };
}

/** `module`: where its hooks are. */
export const planOf = (each: Case, module: string): string => `name: silent
${hooksOf(each, module)}
http2: ${each.http2}
variables: { variable: ${each.variable.json} }
feeders: { users: { file: users.csv, order: ${each.order} } }
scenarios:
  - name: all
    steps:
      - { get: /give, query: { u: "{{ users.n }}" }, capture: { capture: $.v, list: $.list, match: { regex: '"v":"?(.*?)"?,"list"' }, head: { header: x-v }, biscuit: { cookie: v } } }
      - { get: /give.xml, capture: { tag: { xml: "//r/v[2]" } } }
      - { get: /give.html, capture: { csrf: { html: "input[name=csrf]@value" } } }
      - ${framed(each)}
phases:
  - name: p
    kind: sustained
    open: { stages: [{ duration: 50ms, hold: ${ARRIVALS * 20} }, { duration: 200ms, hold: 0 }] }
`;

export const csvOf = ({ rows }: Case): string =>
  `n,value\n${rows.map((row, i) => `${i},"${row.replaceAll('"', '""')}"\n`).join('')}`;

/** Letters as a header or a cookie can hold them, which a server would write so. */
export const inHeader = (letters: string): string => encodeURIComponent(letters);

/** The value of one arrival; undefined where there is no row for it. */
export function valueOf({ source, order, rows, variable, capture }: Case, arrival: number): Known | undefined {
  if (order === 'unique' && arrival >= rows.length) return undefined;
  if (source === 'variable') return variable;
  if (source === 'capture' || source === 'item') return capture;
  if (source === 'pass(capture)') return throughCode(capture);
  if (source === 'match') {
    // A pattern sees the reply's letters, escapes and all.
    const letters = capture.json.replaceAll(/^"|"$/g, '');
    return { letters, json: JSON.stringify(letters) };
  }
  if (source === 'head' || source === 'biscuit') {
    const letters = inHeader(capture.letters);
    return { letters, json: JSON.stringify(letters) };
  }
  if (source === 'tag' || source === 'csrf') return { letters: capture.letters, json: JSON.stringify(capture.letters) };
  const letters = rows[arrival % rows.length] ?? '';
  return { letters, json: JSON.stringify(letters) };
}

/** What no request can carry: null but as JSON; a segment that is a step in a path, or none; in a header, control characters or a blank end. */
export function isUnusable({ place }: Case, { letters, json }: Known): boolean {
  if (json === 'null') return place !== 'json';
  if (place === 'segment') return ['', '.', '..'].includes(letters);
  return place === 'header' && (/\p{Cc}/u.test(letters) || letters.endsWith(' '));
}
