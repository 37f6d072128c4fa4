import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { addInterval, allSteps, emptyInterval, type Interval } from '../../../lib/measure/interval.ts';
import { openEntries } from '../../../lib/measure/ledger.ts';
import { parsePlan } from '../../../lib/plan/parse.ts';
import { runPhase } from '../../../loadgen/engine/phase.ts';
import { Http1Sender } from '../../../loadgen/senders/http1/sender.ts';
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

/** Where a value comes from; a feeder's is of the arrival's own row, `tag` is captured from XML, `csrf` from HTML, and `item` of a captured list. */
const sources = ['variable', 'capture', 'users.value', 'tag', 'csrf', 'item'] as const;
const places = ['segment', 'query', 'key', 'header', 'form', 'json', 'inside json', 'body'] as const;

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
  source: fc.constantFrom(...sources),
  place: fc.constantFrom(...places),
});

interface Case {
  readonly variable: Known;
  readonly capture: Known;
  readonly rows: readonly string[];
  readonly order: 'sequential' | 'unique';
  readonly source: (typeof sources)[number];
  readonly place: (typeof places)[number];
  readonly frame: keyof typeof frames;
}

const stepOf = ({ source, place }: Case): string => {
  const value = `{{ ${source} }}`;
  const parts: Readonly<Record<Case['place'], string>> = {
    segment: `post: "/echo/${value}/end"`,
    query: `post: /echo, query: { v: "<${value}>" }`,
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
variables: { variable: ${each.variable.json} }
feeders: { users: { file: users.csv, order: ${each.order} } }
scenarios:
  - name: all
    steps:
      - { get: /give, query: { u: "{{ users.n }}" }, capture: { capture: $.v, list: $.list } }
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

/** The value of one arrival; undefined where there is no row for it. */
function valueOf({ source, order, rows, variable, capture }: Case, arrival: number): Known | undefined {
  if (order === 'unique' && arrival >= rows.length) return undefined;
  if (source === 'variable') return variable;
  if (source === 'capture' || source === 'item') return capture;
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
  const isForm = request.headers['content-type']?.includes('form') === true;
  return {
    segments: path.slice(1).split('/').map(decodeURIComponent),
    query: [...new URLSearchParams(query)],
    // Node reads bytes as Latin-1; what is sent is UTF-8.
    header: isText(request.headers['v']) ? Buffer.from(request.headers['v'], 'latin1').toString('utf8') : undefined,
    body: isForm ? JSON.stringify([...new URLSearchParams(body)]) : body,
  };
}

/** Some letters as entities, as generators of XML and HTML write them. */
const withEntities = (letters: string): string =>
  letters.replaceAll(/[&<>"]|[^\n -~]/gu, (letter) => `&#x${letter.codePointAt(0)?.toString(16)};`);

let server: Server;
let given: Known = { json: '', letters: '' };
const echoed = new Map<number, Read>();

async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  if (request.url === '/give.xml') return void reply.end(`<r><v>no</v><v>${withEntities(given.letters)}</v></r>`);
  if (request.url === '/give.html')
    return void reply.end(`<form><input name=no value=no><input name=csrf value="${withEntities(given.letters)}">`);
  if (request.url?.startsWith('/give') === true) return void reply.end(`{"v":${given.json},"list":[${given.json}]}`);
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
  echoed.clear();
  const readBytes = (): Promise<Uint8Array> => Promise.resolve(new TextEncoder().encode(csvOf(each)));
  const plan = await parsePlan({ text: planOf(each), path: '/plan.yaml' }, { readBytes, signalIds: [], env: {} });
  const total = emptyInterval();
  const sender = new Http1Sender(plan);
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
    { numRuns: 20 },
  );
}, 60_000);
