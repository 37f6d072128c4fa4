import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { addInterval, allSteps, emptyInterval, type Interval } from '../../../lib/measure/interval.ts';
import { openEntries } from '../../../lib/measure/ledger.ts';
import { parsePlan } from '../../../lib/plan/parse.ts';
import { runPhase } from '../../../loadgen/engine/phase.ts';
import { senderFor } from '../../../loadgen/senders/index.ts';
import { NodeTimer } from '../../loadgen/engine/node-timer.ts';

/** A value as the plan or a reply writes it, and the letters that it must be sent as. */
interface Known {
  readonly json: string;
  readonly letters: string;
}

/** A request as a server reads it, decoded by the platform's own parsers. */
interface Read {
  readonly segments: readonly string[];
  readonly query: readonly (readonly [string, string])[];
  readonly header: string | undefined;
  readonly body: string;
}

const ARRIVALS = 5;

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
/** A plan's variable is neither null nor a template. */
const fixed = known.filter(({ json, letters }) => json !== 'null' && !letters.includes('{{'));

/**
 * Where a value comes from; a feeder's is of the arrival's own row, `tag` is captured from XML, `csrf` from HTML, `item` of a captured list, `head` from a
 * header, `biscuit` from a cookie, and `match` by a pattern.
 */
const sources = ['variable', 'capture', 'users.value', 'tag', 'csrf', 'item', 'head', 'biscuit', 'match'] as const;
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
const codings: Readonly<
  Record<string, readonly [headers: Readonly<Record<string, string>>, encode: (text: string) => Buffer]>
> = {
  plain: [{}, (text) => Buffer.from(text)],
  'byte order mark': [{}, (text) => Buffer.from(`\u{FEFF}${text}`)],
  'UTF-16': [{ 'content-type': 'application/json; charset=utf-16le' }, (text) => Buffer.from(text, 'utf16le')],
  gzip: [{ 'content-encoding': 'gzip' }, (text) => gzipSync(text)],
  deflate: [{ 'content-encoding': 'deflate' }, (text) => deflateSync(text)],
  'raw deflate': [{ 'content-encoding': 'deflate' }, (text) => deflateRawSync(text)],
  brotli: [{ 'content-encoding': 'br' }, (text) => brotliCompressSync(text)],
  'gzip in zstd': [{ 'content-encoding': 'gzip, zstd' }, (text) => zstdCompressSync(gzipSync(text))],
};

/** What stands round the step: each of them sends it once. */
const frames = {
  none: (step: string) => step,
  condition: (step: string) =>
    `{ if: users.n >= 0 and not (capture == "no such"), steps: [${step}], else: [{ get: /wrong }] }`,
  otherwise: (step: string) => `{ if: users.n < 0, steps: [{ get: /wrong }], else: [${step}] }`,
  loop: (step: string) => `{ while: users.n >= 0, atMost: 1, steps: [${step}] }`,
} as const;

const cases = fc.record({
  frame: fc.constantFrom('none' as const, 'condition' as const, 'otherwise' as const, 'loop' as const),
  variable: fixed,
  capture: known,
  rows: fc.array(fc.constantFrom(...texts), { minLength: 1, maxLength: 6 }),
  order: fc.constantFrom('sequential' as const, 'unique' as const),
  coding: fc.constantFrom(...Object.keys(codings)),
  http2: fc.boolean(),
  source: fc.constantFrom(...sources),
  place: fc.constantFrom(...places),
});

interface Case {
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

const planOf = (each: Case): string => `name: silent
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

const csvOf = ({ rows }: Case): string =>
  `n,value\n${rows.map((row, i) => `${i},"${row.replaceAll('"', '""')}"\n`).join('')}`;

/** Letters as a header or a cookie can hold them, which a server would write so. */
const inHeader = (letters: string): string => encodeURIComponent(letters);

/** The value of one arrival; undefined where there is no row for it. */
function valueOf({ source, order, rows, variable, capture }: Case, arrival: number): Known | undefined {
  if (order === 'unique' && arrival >= rows.length) return undefined;
  if (source === 'variable') return variable;
  if (source === 'capture' || source === 'item') return capture;
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

/** What no request can carry: a segment that is a step in a path, or none; in a header, control characters or a blank end. */
function isUnusable({ place }: Case, { letters }: Known): boolean {
  if (place === 'segment') return ['', '.', '..'].includes(letters);
  return place === 'header' && (/\p{Cc}/u.test(letters) || letters.endsWith(' '));
}

/** What the server must have read, by the same decoding. */
function readOf({ place }: Case, { letters, json }: Known): Read {
  const plain: Read = { segments: ['echo'], query: [], header: undefined, body: '' };
  const parts: Readonly<Record<Case['place'], Partial<Read>>> = {
    segment: { segments: ['echo', letters, 'end'] },
    query: { query: [['v', `<${letters}>`]] },
    list: {
      query: [
        ['v', `<${letters}>`],
        ['v', letters],
      ],
    },
    multipart: { body: JSON.stringify([['v', `<${letters}>`]]) },
    // What a form can't hold in a name stands as browsers write it.
    filename: { body: JSON.stringify([['v', `<${letters}>`.replaceAll('"', '%22').replaceAll('\n', '%0A'), 'x']]) },
    key: { query: [[`<${letters}>`, 'v']] },
    header: { header: `<${letters}` },
    form: { body: JSON.stringify([[letters, letters]]) },
    json: { body: `{"v":${json}}` },
    'inside json': { body: JSON.stringify({ v: [`<${letters}>`] }) },
    body: { body: `<${letters}>` },
  };
  return { ...plain, ...parts[place] };
}

const isText = (value: unknown): value is string => typeof value === 'string';

async function readBy(request: IncomingMessage): Promise<Read> {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const body = await text(request);
  const type = request.headers['content-type'] ?? '';
  const isForm = type.includes('form-urlencoded');
  return {
    segments: path.slice(1).split('/').map(decodeURIComponent),
    query: [...new URLSearchParams(query)],
    // Node reads bytes as Latin-1; what is sent is UTF-8.
    header: isText(request.headers['v']) ? Buffer.from(request.headers['v'], 'latin1').toString('utf8') : undefined,
    body: isForm
      ? JSON.stringify([...new URLSearchParams(body)])
      : type.startsWith('multipart')
        ? partsOf(body, type)
        : body,
  };
}

/** The parts of a form, as RFC 2046 §5.1.1 cuts them: name, file's name where it has one, content. */
function partsOf(body: string, type: string): string {
  const boundary = type.slice(type.indexOf('boundary=') + 9);
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1);
  return JSON.stringify(
    parts.map((part) => {
      const [head = '', ...content] = part.slice(2).split('\r\n\r\n');
      const [, name, file] = /name="(.*?)"(?:; filename="(.*?)")?/s.exec(head) ?? [];
      return [name, ...(file === undefined ? [] : [file]), content.join('\r\n\r\n')];
    }),
  );
}

/** Some letters as entities, as generators of XML and HTML write them. */
const withEntities = (letters: string): string =>
  letters.replaceAll(/[&<>"]|[^\n -~]/gu, (letter) => `&#x${letter.codePointAt(0)?.toString(16)};`);

let server: Server;
let given: Known = { json: '', letters: '' };
let coding = 'plain';
const echoed = new Map<number, Read>();

async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  if (request.url === '/give.xml') return void reply.end(`<r><v>no</v><v>${withEntities(given.letters)}</v></r>`);
  if (request.url === '/give.html')
    return void reply.end(`<form><input name=no value=no><input name=csrf value="${withEntities(given.letters)}">`);
  if (request.url?.startsWith('/give') === true) {
    const [headers, encode] = codings[coding] ?? [{}, Buffer.from];
    const value = inHeader(given.letters);
    reply.writeHead(200, {
      'content-type': 'application/json',
      ...headers,
      'x-v': value,
      'set-cookie': `v=${value}; Path=/no`,
    });
    return void reply.end(encode(`{"v":${given.json},"list":[${given.json}]}`));
  }
  echoed.set(Number(request.headers['n']), await readBy(request));
  reply.end();
}

beforeAll(async () => {
  server = createServer((request, reply) => void answer(request, reply));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function run(each: Case): Promise<Interval> {
  given = each.capture;
  coding = each.coding;
  echoed.clear();
  const readBytes = (path: string): Promise<Uint8Array> =>
    Promise.resolve(Buffer.from(path.endsWith('.csv') ? csvOf(each) : 'x'));
  const plan = await parsePlan({ text: planOf(each), path: '/plan.yaml' }, { readBytes, signalIds: [], env: {} });
  const total = emptyInterval();
  const sender = await senderFor(plan);
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await runPhase(
    { plan, phase: plan.phases[0]!, number: 0, target, share: { index: 0, of: 1 }, startAtMs: Date.now() },
    {
      sender,
      timer: new NodeTimer(),
      signal: new AbortController().signal,
      onInterval: (_, interval) => addInterval(total, interval),
    },
  );
  sender.close();
  return total;
}

test('what a server reads is what was meant, or the ledger says what was not sent', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (each) => {
      const { arrivals, ...rest } = await run(each);
      // The phase's end may cut a journey on a machine that is very busy.
      fc.pre(arrivals.cut === 0);
      const { ledger } = allSteps({ arrivals, ...rest });
      const values = Array.from({ length: ARRIVALS }, (_, arrival) => valueOf(each, arrival));
      const usable = values.flatMap((value, i) =>
        value === undefined || isUnusable(each, value) ? [] : [[i, readOf(each, value)] as const],
      );
      const rowless = values.filter((value) => value === undefined).length;
      const unusable = ARRIVALS - rowless - usable.length;
      expect([...echoed].toSorted(([a], [b]) => a - b)).toEqual(usable);
      expect([arrivals.drops?.['feeder'] ?? 0, arrivals.dropped]).toEqual([rowless, rowless]);
      expect(ledger.failures).toEqual(unusable === 0 ? {} : { request: unusable });
      expect(openEntries(arrivals, ledger)).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 60_000);
