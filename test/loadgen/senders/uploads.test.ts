import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { HttpInput } from '../../../lib/plan/steps/schemas/request.ts';
import { journeyOf, senders } from './exchange.ts';

interface Received {
  readonly type: string | undefined;
  readonly length: string | undefined;
  readonly body: Buffer;
}

const received: Received[] = [];
const server = createServer((request, reply) => void answer(request, reply));

async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const { 'content-type': type, 'content-length': length } = request.headers;
  received.push({ type, length, body: await buffer(request) });
  reply.end('{"id":"7 ü"}');
}

beforeAll(async () => void (await once(server.listen(0, '127.0.0.1'), 'listening')));
beforeEach(() => void received.splice(0));
afterAll(() => void server.close());

/** Every byte there is, line ends, what looks like a boundary, and more than one packet takes. */
const BINARY = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from('\r\n--plimsoll-\r\n--\r\n'),
  Buffer.alloc(300_000, Buffer.from([0x0d, 0x0a, 0x2d, 0x2d, 0xff])),
]);

const base64 = (bytes: Buffer | string): string => Buffer.from(bytes).toString('base64');
const files = { 'data/photo.png': base64(BINARY), 'order.json': base64('{"id":"{{ id }}","to":"Zoë"}') };

/** The parts of a form, as RFC 2046 §5.1.1 cuts them: the line end before a boundary is the boundary's. */
function partsOf({ type = '', body }: Received): { readonly head: string; readonly content: Buffer }[] {
  const [, boundary = ''] = /^multipart\/form-data; boundary=(\S+)$/.exec(type) ?? [];
  const line = Buffer.from(`\r\n--${boundary}`);
  const rest = Buffer.concat([Buffer.from('\r\n'), body]);
  const cuts: number[] = [];
  for (let at = rest.indexOf(line); at >= 0; at = rest.indexOf(line, at + 1)) cuts.push(at);
  expect(rest.subarray(cuts.at(-1)).toString()).toBe(`\r\n--${boundary}--\r\n`);
  return cuts.slice(0, -1).map((from, i) => {
    const part = rest.subarray(from + line.length + 2, cuts[i + 1]);
    const headEnd = part.indexOf('\r\n\r\n');
    return { head: part.subarray(0, headEnd).toString(), content: part.subarray(headEnd + 4) };
  });
}

const captured: HttpInput = { get: '/', capture: { id: '$.id' } };

describe.each(senders)('%s', (_, http2) => {
  const send = async (...steps: HttpInput[]): Promise<Received | undefined> => {
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const plan = { http2, headers: { 'content-type': 'application/json' } };
    expect(await journeyOf({ target, plan, steps, files })).toMatchObject({ sent: steps.length, ok: steps.length });
    return received.at(-1);
  };

  test('a form with fields and files arrives byte for byte', async () => {
    const request = await send(captured, {
      post: '/upload',
      multipart: {
        title: 'No. {{ id }}',
        n: 5,
        'a "name"': { text: '{}', type: 'application/json' },
        photo: [
          { file: 'data/photo.png', type: 'image/png' },
          { file: 'data/photo.png', filename: 'Zoë "{{ id }}".png' },
        ],
        order: { file: 'order.json', templates: true },
      },
    });
    expect(request?.length).toBe(String(request?.body.length));
    const parts = partsOf(request ?? { type: '', length: '', body: Buffer.alloc(0) });
    expect(parts.map(({ head }) => head.split('\r\n'))).toEqual([
      ['content-disposition: form-data; name="title"'],
      ['content-disposition: form-data; name="n"'],
      ['content-disposition: form-data; name="a %22name%22"', 'content-type: application/json'],
      ['content-disposition: form-data; name="photo"; filename="photo.png"', 'content-type: image/png'],
      [
        'content-disposition: form-data; name="photo"; filename="Zoë %227 ü%22.png"',
        'content-type: application/octet-stream',
      ],
      ['content-disposition: form-data; name="order"; filename="order.json"', 'content-type: application/octet-stream'],
    ]);
    const contents = ['No. 7 ü', '5', '{}', BINARY, BINARY, '{"id":"7 ü","to":"Zoë"}'].map((each) => Buffer.from(each));
    expect(parts.map(({ content }, i) => content.equals(contents[i] ?? Buffer.alloc(0)))).toEqual(
      parts.map(() => true),
    );
  });

  test('a file as the body, as it is', async () => {
    const request = await send({
      put: '/photo',
      headers: { 'Content-Type': 'image/png' },
      body: { file: 'data/photo.png' },
    });
    expect([request?.type, request?.length]).toEqual(['image/png', String(BINARY.length)]);
    expect(request?.body.equals(BINARY)).toBe(true);
  });

  test('a file as the body, with its templates', async () => {
    const request = await send(captured, { post: '/', body: { file: 'order.json', templates: true } });
    expect(String(request?.body)).toBe('{"id":"7 ü","to":"Zoë"}');
  });

  test('a GET may have a body, and one without has no length', async () => {
    const request = await send({ get: '/search', json: { query: 'ü' } });
    expect([request?.type, request?.length, String(request?.body)]).toEqual([
      'application/json',
      '14',
      '{"query":"ü"}',
    ]);
    expect(await send({ get: '/search' })).toMatchObject({ length: undefined, body: Buffer.alloc(0) });
  });

  test('the same form twice on one connection', async () => {
    const upload = { post: '/upload', multipart: { photo: { file: 'data/photo.png' } } };
    await send(upload, upload);
    expect(received.map(({ body }) => body.length)).toEqual([received[0]?.body.length, received[0]?.body.length]);
    expect(partsOf(received[1]!).map(({ content }) => content.equals(BINARY))).toEqual([true]);
  });
});
