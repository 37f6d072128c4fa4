import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import type { HttpInput } from '../../../lib/plan/steps/schemas/request.ts';
import { journeyOf, senders } from './exchange.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** By path: headers, and the body or nothing. A redirect names the host that the request claims. */
const replies: Readonly<Record<string, readonly [Headers, (Buffer | string)?]>> = {
  '/latin1': [{ 'content-type': 'text/html; charset=ISO-8859-1' }, Buffer.from('<p>Zoë</p>', 'latin1')],
  '/marked': [{ 'content-type': 'application/json' }, '\ufeff{"token":"t-1"}'],
  '/utf16': [{ 'content-type': 'application/json; charset=utf-16le' }, Buffer.from('{"token":"t-1"}', 'utf16le')],
  '/deflate': [{ 'content-encoding': 'deflate' }, deflateRawSync('{"token":"t-1"}')],
  '/gzip': [{ 'content-encoding': 'gzip', etag: '"e1"' }, gzipSync('hello')],
  '/empty': [{ 'content-encoding': 'gzip' }],
  '/none': [{ 'content-encoding': 'none' }, 'hello'],
  '/login': [{ 'set-cookie': ['sid=1; Domain=shop.example.test; Path=/', 'own=1'] }],
};

const asked: string[] = [];
const server = createServer((request: IncomingMessage, reply: ServerResponse) => {
  const { url = '', headers } = request;
  asked.push(`${url} ${headers.host === 'shop.example.test' ? 'shop' : 'address'} ${headers.cookie ?? '-'}`);
  const [own, body] = replies[url] ?? [{ location: `http://${headers.host}/api/orders/7` }];
  for (const [name, value] of Object.entries(own)) reply.setHeader(name, value);
  reply.end(body);
});

beforeAll(async () => void (await once(server.listen(0, '127.0.0.1'), 'listening')));
beforeEach(() => void asked.splice(0));
afterAll(() => void server.close());

const token = { token: '$.token' };
const nothing = { body: { regex: '^$' } };

const steps: readonly (readonly [string, HttpInput, string | undefined])[] = [
  ['a charset', { get: '/latin1', expect: { body: 'Zoë' } }, undefined],
  [
    'a charset, with every header',
    { get: '/latin1', expect: { body: 'Zoë', header: { 'content-type': 'html' } } },
    undefined,
  ],
  ['a byte order mark', { get: '/marked', capture: token, expect: { body: { regex: String.raw`^\{` } } }, undefined],
  ['UTF-16', { get: '/utf16', capture: token }, undefined],
  ['deflate without a wrapper', { get: '/deflate', capture: token }, undefined],
  ['gzip', { get: '/gzip', expect: { body: 'hello' } }, undefined],
  [
    'gzip of which HEAD brings nothing',
    { head: '/gzip', capture: { e: { header: 'etag' } }, expect: nothing },
    undefined,
  ],
  ['gzip of nothing', { get: '/empty', expect: nothing }, undefined],
  ['a coding that is none', { get: '/none', expect: { body: 'hello' } }, undefined],
  ['a coding that is none, and another text', { get: '/none', expect: { body: 'goodbye' } }, 'encoding'],
  ['a coding that is none, and nothing to capture', { get: '/none', capture: token }, 'encoding'],
  ['a sound body, and nothing to capture', { get: '/marked', capture: { x: '$.x' } }, 'capture'],
];

describe.each(senders)('%s', (_, http2) => {
  const journey = async (plan: Omit<PlanInput, 'name' | 'scenarios' | 'phases'>, base: string, ...own: HttpInput[]) => {
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`;
    return await journeyOf({ target, plan: { ...plan, http2 }, steps: own });
  };

  test.each(steps)('%s', async (__, step, failure) => {
    const { failures } = await journey({}, '', step);
    expect(failures).toEqual(failure === undefined ? {} : { [failure]: 1 });
  });

  const order: HttpInput[] = [
    { get: '/login' },
    { post: '/orders', json: {}, capture: { order: { header: 'Location' } } },
    { get: '{{ order }}' },
  ];

  test('cookies and absolute addresses go by the host that is claimed', async () => {
    const ledger = await journey(
      { headers: { Host: 'shop.example.test' } },
      '/api',
      { get: '/login' },
      ...order.slice(1),
    );
    expect(ledger).toMatchObject({ sent: 3, ok: 3 });
    expect(asked).toEqual(['/api/login shop -', '/api/orders shop -', '/api/orders/7 shop -']);
  });

  test('and else by the address', async () => {
    expect(await journey({}, '', ...order)).toMatchObject({ sent: 3, ok: 3 });
    expect(asked).toEqual(['/login address -', '/orders address own=1', '/api/orders/7 address own=1']);
  });

  test('a cookie with a domain is stored for the host that is claimed', async () => {
    expect(await journey({ headers: { Host: 'shop.example.test' } }, '', ...order)).toMatchObject({ ok: 3 });
    expect(asked).toEqual(['/login shop -', '/orders shop sid=1; own=1', '/api/orders/7 shop sid=1; own=1']);
  });

  test('a reply that leads to another host fails as a request, and nothing is sent there', async () => {
    const ledger = await journey(
      {},
      '',
      { get: '/', headers: { host: 'evil.test' }, capture: { to: { header: 'location' } } },
      { get: '{{ to }}' },
    );
    expect(ledger).toMatchObject({ sent: 2, ok: 1, failures: { request: 1 } });
    expect(asked).toHaveLength(1);
  });
});
