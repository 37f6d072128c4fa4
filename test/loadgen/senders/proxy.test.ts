import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { selfSigned } from '../../system/honesty/certificates.ts';
import { headsOf, parseText } from '../../lib/plan/sources.ts';
import { journeyOf } from './exchange.ts';

const { key, cert } = selfSigned({ host: 'localhost', address: [127, 0, 0, 1], fromDays: -1, untilDays: 1 });
const asked: string[] = [];
const sockets = new Set<Socket>();

/** What a proxy may do: plain requests go on as they came, CONNECT is refused to who says nothing of himself. */
const proxy = createServer((socket) => {
  sockets.add(socket.on('error', () => undefined));
  socket.once('data', (first: Buffer) => {
    const head = first.toString('latin1');
    asked.push(head);
    const [, method, to] = /^(\w+) (\S+)/.exec(head) ?? [];
    if (to?.startsWith('closes')) return socket.end();
    if (to?.startsWith('resets')) return socket.resetAndDestroy();
    if (method !== 'CONNECT' && to?.includes('//knows'))
      return socket.end('HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n');
    if (method === 'CONNECT' && !head.includes(`proxy-authorization: Basic ${btoa('ann:pa:ss')}`))
      return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    const { port } = new URL(method === 'CONNECT' ? `http://${to}` : (to ?? ''));
    const onward = connect(Number(port), '127.0.0.1').on('error', () => socket.destroy());
    sockets.add(onward);
    // In two pieces, as a network may have it.
    if (method === 'CONNECT')
      socket.write('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 Connection esta', () =>
        socket.write('blished\r\n\r\n'),
      );
    else onward.write(first);
    socket.pipe(onward).pipe(socket);
  });
});
const large = 'x'.repeat(300_000);
const plain = createPlainServer((request, reply) => void request.resume().on('end', () => reply.end(request.url)));
const secure = createSecureServer({ key, cert }, (request, reply) => {
  let bytes = 0;
  request.on('data', (piece: Buffer) => (bytes += piece.length)).on('end', () => reply.end(`${bytes} ${large}`));
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const url = (): string => `http://127.0.0.1:${portOf(proxy)}`;

beforeAll(async () => {
  process.env['PROXY_USER'] = 'ann:pa:ss';
  for (const server of [proxy, plain, secure]) await once(server.listen(0, '127.0.0.1'), 'listening');
});
beforeEach(() => void asked.splice(0));
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of [proxy, plain, secure]) server.close();
});

test('plain requests name the whole address', async () => {
  const target = `http://127.0.0.1:${portOf(plain)}`;
  const steps = [
    { get: '/a?b=1', expect: { body: `/a?b=1` } },
    { post: '/c', body: 'd', expect: { body: '/c' } },
  ];
  expect(await journeyOf({ target, plan: { proxy: { url: url(), credentials: 'PROXY_USER' } }, steps })).toMatchObject({
    ok: 2,
  });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain(
    `GET ${target}/a?b=1 HTTP/1.1\r\nproxy-authorization: Basic ${btoa('ann:pa:ss')}\r\nhost: 127.0.0.1:`,
  );
});

test('requests under TLS go through a tunnel, of which the proxy knows the end alone', async () => {
  const target = `https://localhost:${portOf(secure)}`;
  const steps = [1, 2].map(() => ({ post: '/s3cret', body: large, expect: { body: `${large.length} ${large}` } }));
  const plan = { proxy: { url: url(), credentials: 'PROXY_USER' } };
  expect(await journeyOf({ target, plan, steps, ca: cert })).toMatchObject({ ok: 2 });
  expect(asked).toEqual([
    expect.stringMatching(/^CONNECT localhost:\d+ HTTP\/1\.1\r\nhost: localhost:\d+\r\nproxy-auth[^\r]*\r\n\r\n$/),
  ]);
});

test.each([
  ['that wants to know who asks', () => `https://localhost:${portOf(secure)}`, () => url(), { unreachable: 1 }],
  ['that hangs up', () => 'https://closes.test', () => url(), { unreachable: 1 }],
  ['that breaks off', () => 'https://resets.test', () => url(), { unreachable: 1 }],
  ['that wants to know who asks for a plain address', () => 'http://knows.test', () => url(), { unreachable: 1 }],
  ['that is not there', () => 'https://localhost', () => 'http://127.0.0.1:1', { refused: 1 }],
])('a proxy %s is a failure to connect', async (_, target, proxyUrl, failures) => {
  const ended = await journeyOf({ target: target(), plan: { proxy: proxyUrl() }, steps: [{ get: '/' }], ca: cert });
  expect(ended).toMatchObject({ sent: 1, ok: 0, failures });
});

const planOf = (top: string): string => `name: x
target: http://127.0.0.1
${top}
scenarios: [{ name: a, steps: [{ get: / }] }]
phases: [{ name: p, kind: stress, duration: 1s, open: { rate: 1 } }]
`;

test.each([
  ['proxy: https://127.0.0.1:1', '3:8 proxy: "https://127.0.0.1:1" is no address of a proxy; write http://HOST:PORT'],
  [
    'proxy: http://a:b@127.0.0.1',
    '3:8 proxy: holds a user name; write { url, credentials: NAME }, an environment variable that holds user:password',
  ],
  [
    'proxy: { url: "http://127.0.0.1/x" }',
    '3:15 proxy.url: "http://127.0.0.1/x" holds more than host and port, which a proxy is not asked for; remove it',
  ],
  [
    'proxy: { url: "http://127.0.0.1", credentials: NO_SUCH }',
    '3:48 proxy.credentials: the environment variable NO_SUCH is not set; set it to user:password',
  ],
  ['proxy: http://127.0.0.1\nhttp2: true', '4:8 http2: is not spoken by way of a proxy; remove http2 or proxy'],
])('%s is refused', async (top, line) => {
  expect(await headsOf(planOf(top))).toEqual(['E-PLAN-INVALID', line]);
});

test('a plan holds the name of the credentials, and not them', async () => {
  const plan = await parseText(planOf('proxy: { url: "http://127.0.0.1:3128", credentials: TOKEN }'));
  expect(plan.proxy).toEqual({ url: 'http://127.0.0.1:3128', credentialsFrom: 'TOKEN' });
});
