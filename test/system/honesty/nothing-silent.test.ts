import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { addInterval, allSteps, emptyInterval, type Interval } from '../../../lib/measure/interval.ts';
import { openEntries } from '../../../lib/measure/ledger.ts';
import { parsePlan } from '../../../lib/plan/parse.ts';
import { runPhase } from '../../../loadgen/engine/phase.ts';
import { beginHooks } from '../../../loadgen/hooks/begin.ts';
import { senderFor } from '../../../loadgen/senders/index.ts';
import { NodeTimer } from '../../loadgen/engine/node-timer.ts';
import {
  ARRIVALS,
  cases,
  codings,
  csvOf,
  inHeader,
  isUnusable,
  PASSING,
  planOf,
  valueOf,
  type Case,
  type Known,
} from './silent-cases.ts';

/** A request as a server reads it, decoded by the platform's own parsers. */
interface Read {
  readonly segments: readonly string[];
  readonly query: readonly (readonly [string, string])[];
  readonly header: string | undefined;
  readonly body: string;
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
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-silent-'));
const module = join(folder, 'hooks.mjs');
writeFileSync(module, PASSING);
let given: Known = { json: '', letters: '' };
let coding = 'plain';
const echoed = new Map<number, Read>();

async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  if (request.url === '/give.xml') return void reply.end(`<r><v>no</v><v>${withEntities(given.letters)}</v></r>`);
  if (request.url === '/give.html')
    return void reply.end(`<form><input name=no value=no><input name=csrf value="${withEntities(given.letters)}">`);
  if (request.url?.startsWith('/give') === true) {
    const [headers, encode] = codings[coding] ?? [{}, (letters: string) => Buffer.from(letters)];
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
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  server.close();
});

async function run(each: Case): Promise<Interval> {
  given = each.capture;
  coding = each.coding;
  echoed.clear();
  const readBytes = (path: string): Promise<Uint8Array> =>
    Promise.resolve(Buffer.from(path.endsWith('.csv') ? csvOf(each) : 'x'));
  const plan = await parsePlan(
    { text: planOf(each, module), path: '/plan.yaml' },
    { readBytes, signalIds: [], env: {} },
  );
  const total = emptyInterval();
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sender = await senderFor(plan, target);
  const hooks = await beginHooks(plan, target);
  await runPhase(
    { plan, phase: plan.phases[0]!, number: 0, target, share: { index: 0, of: 1 }, startAtMs: Date.now() },
    {
      sender,
      hooks,
      timer: new NodeTimer(),
      signal: new AbortController().signal,
      onInterval: (_, interval) => addInterval(total, interval),
    },
  );
  sender.close();
  await hooks?.close();
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
}, 120_000);
