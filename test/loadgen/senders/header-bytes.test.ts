import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { selfSigned } from '../../system/honesty/certificates.ts';
import { ByteServer, journeyOf, senders } from './exchange.ts';

const LINES = [
  'set-cookie: u=Zo\xc3\xab; Path=/',
  'set-cookie: l=Zo\xeb; Path=/',
  'x-name: Zo\xc3\xab',
  'x-latin: Zo\xeb',
  'x-wide: \xe2\x82\xac',
  'location: /caf\xc3\xa9',
];
const REPLY = Buffer.from(`HTTP/1.1 200 OK\r\n${LINES.join('\r\n')}\r\ncontent-length: 2\r\n\r\nok`, 'latin1');

const server = new ByteServer(() => REPLY);
let target = '';

beforeAll(async () => {
  target = await server.listen();
});
beforeEach(() => void server.heads.splice(0));
afterAll(() => server.close());

const CAPTURES = {
  name: { header: 'x-name' },
  latin: { header: 'x-latin' },
  wide: { header: 'x-wide' },
  to: { header: 'location' },
};

test.each(senders)('bytes above 0x7f go back as they came, and the plan’s own are UTF-8: %s', async (_, http2) => {
  const steps = [
    { get: '/1', headers: { 'x-plan': 'Zoë €' }, capture: CAPTURES },
    { get: '{{ to }}', headers: { 'x-back': '{{ name }} {{ latin }} {{ wide }}' } },
    { get: '/3', query: { a: '{{ name }}', b: '{{ latin }}', c: '{{ wide }}' } },
    { get: '/4', expect: { header: { 'x-name': 'Zoë', 'x-wide': '€' } } },
  ];
  expect(await journeyOf({ target, plan: { http2 }, steps })).toMatchObject({ sent: 4, ok: 4 });
  const [first, second, third] = server.heads;
  expect(first).toContain('\r\nx-plan: Zo\xc3\xab \xe2\x82\xac');
  expect(second).toMatch(/^GET \/caf%C3%A9 HTTP/);
  expect(second).toContain('\r\nx-back: Zo\xc3\xab Zo\xeb \xe2\x82\xac');
  expect(second).toContain('\r\ncookie: u=Zo\xc3\xab; l=Zo\xeb');
  expect(third).toMatch(/^GET \/3\?a=Zo%C3%AB&b=Zo%EB&c=%E2%82%AC HTTP/);
});

test.each(senders)(
  'a list is a header for each, and names are sent as written, the last writing first: %s',
  async (_, http2) => {
    const plan = { http2, headers: { 'X-Plan': 'p', 'X-Over': 'a' }, variables: { tag: 't' } };
    const headers = { 'X-Tag': ['{{ tag }}1', 2], 'x-over': 'b', Cookie: ['a=1', 'b=2'] };
    expect(
      await journeyOf({
        target,
        plan,
        steps: [
          { get: '/1', headers },
          { get: '/2', headers },
        ],
      }),
    ).toMatchObject({ ok: 2 });
    const lines = server.heads.map((head) => head.split('\r\n').filter((line) => /^(?:x-|cookie)/i.test(line)));
    const own = ['X-Plan: p', 'x-over: b', 'X-Tag: t1', 'X-Tag: 2'];
    expect(lines[0]?.toSorted()).toEqual([...own, 'Cookie: a=1', 'Cookie: b=2'].toSorted());
    // With those that the reply has set there is one, since a receiver reads no second.
    expect(lines[1]?.toSorted()).toEqual([...own, 'Cookie: u=Zo\xc3\xab; l=Zo\xeb; a=1; b=2'].toSorted());
  },
);

const { key, cert } = selfSigned({ host: 'localhost', address: [127, 0, 0, 1], fromDays: -1, untilDays: 1 });
const read: string[] = [];
const secure = createSecureServer({ key, cert }, (request, reply) => {
  read.push(`${request.headers.cookie} ${String(request.headers['x-back'])}`);
  reply.setHeader('set-cookie', ['u=Zo\xc3\xab', 'l=Zo\xeb']);
  reply.setHeader('x-name', 'Zo\xc3\xab');
  reply.end('ok');
});

beforeAll(async () => void (await once(secure.listen(0, '127.0.0.1'), 'listening')));
afterAll(() => void secure.close());

test('so they do over HTTP/2', async () => {
  const { port } = secure.address() as AddressInfo;
  const steps = [
    { get: '/1', capture: { name: CAPTURES.name }, expect: { header: { 'x-name': 'Zoë' } } },
    { get: '/2', headers: { 'x-back': '{{ name }}' } },
  ];
  const given = { target: `https://127.0.0.1:${port}`, plan: { http2: true }, steps, ca: cert };
  expect(await journeyOf(given)).toMatchObject({ sent: 2, ok: 2 });
  expect(read[1]).toBe('u=Zo\xc3\xab; l=Zo\xeb Zo\xc3\xab');
});
