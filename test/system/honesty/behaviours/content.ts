import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Asked, Behaviour } from '../behaviour.ts';
import { GOOD, head, OK, reply, sends } from '../replies.ts';

const encoded = (encoding: string, body: Buffer) =>
  sends(head(OK, `content-encoding: ${encoding}`, `content-length: ${body.length}`), body);

const json = (text: string) => sends(reply('200 OK', text, 'content-type: application/json'));

const HELLO = gzipSync('hello');
const EXPECT_HELLO = { get: '/bad', expect: { body: 'hello' } };
const CAPTURE = { get: '/bad', capture: { token: '$.token' } };

/** 64 MiB in 64 kB. */
const BOMB = gzipSync(Buffer.alloc(64 * 2 ** 20));

/** Replies that set cookies, and what the same user's later requests may carry of them. */
const setsCookies =
  (cookies: readonly string[], wanted: string) =>
  ({ socket, server, path, headers }: Asked): void => {
    const got = headers.get('cookie') ?? '';
    const expected = path === '/after' ? wanted : '';
    if (got !== expected) server.account.wrongs.push(`${path} came with cookie "${got}", not "${expected}"`);
    const lines = path === '/bad' ? cookies.map((cookie) => `set-cookie: ${cookie}`) : [];
    socket.write(reply('200 OK', 'ok', ...lines));
  };

/** Bodies that are not what they say, and cookies that reach for more than is theirs. */
export const content: readonly Behaviour[] = [
  { name: 'gzip, sound', answer: encoded('gzip', HELLO), honest: 'ok', step: EXPECT_HELLO },
  { name: 'gzip in gzip', answer: encoded('gzip, gzip', gzipSync(HELLO)), honest: 'ok', step: EXPECT_HELLO },
  {
    name: 'deflate, br and zstd',
    answer: encoded('deflate, br, zstd', zstdCompressSync(brotliCompressSync(deflateSync('hello')))),
    honest: 'ok',
    step: EXPECT_HELLO,
  },
  { name: 'gzip, broken', answer: encoded('gzip', Buffer.from('no gzip')), honest: 'encoding', step: EXPECT_HELLO },
  { name: 'gzip, cut short', answer: encoded('gzip', HELLO.subarray(0, -9)), honest: 'encoding', step: EXPECT_HELLO },
  {
    name: 'gzip, broken, in a body that no check reads',
    answer: encoded('gzip', Buffer.from('no gzip')),
    honest: 'ok',
  },
  { name: 'gzip of 64 MiB in 64 kB', answer: encoded('gzip', BOMB), honest: 'too-large', step: EXPECT_HELLO, rate: 20 },
  {
    name: 'an encoding that nobody knows',
    answer: encoded('rot13', Buffer.from('uryyb')),
    honest: 'encoding',
    step: EXPECT_HELLO,
  },
  {
    name: 'Latin-1 that says it is UTF-8',
    answer: sends(
      head(OK, 'content-type: text/html; charset=utf-8', 'content-length: 3'),
      Buffer.from('h\xe9o', 'latin1'),
    ),
    honest: 'expect.body',
    step: { get: '/bad', expect: { body: 'héo' } },
  },
  { name: 'JSON cut short where a capture needs it', answer: json('{"token": "a'), honest: 'capture', step: CAPTURE },
  { name: 'JSON without the value to capture', answer: json('{"tok": "a"}'), honest: 'capture', step: CAPTURE },
  { name: 'HTML where JSON is captured', answer: json('<html>'), honest: 'capture', step: CAPTURE },
  { name: 'an empty body where JSON is captured', answer: json(''), honest: 'capture', step: CAPTURE },
  {
    name: 'a body other than expected',
    answer: sends(reply('200 OK', 'Oops')),
    honest: 'expect.body',
    step: EXPECT_HELLO,
  },
  {
    name: 'JSON other than expected',
    answer: json('{"state": "down"}'),
    honest: 'expect.body',
    step: { get: '/bad', expect: { body: { json: { '$.state': 'up' } } } },
  },
  {
    name: 'a header other than expected',
    answer: sends(GOOD),
    honest: 'expect.header',
    step: { get: '/bad', expect: { header: { 'x-cache': 'hit' } } },
  },
  {
    name: 'later than expected',
    answer: ({ socket }) => void setTimeout(() => socket.write(GOOD), 60),
    honest: 'expect.time',
    step: { get: '/bad', expect: { time: '50ms' } },
  },
  {
    name: 'cookies for another domain',
    everywhere: true,
    arrivalsOnly: true,
    answer: setsCookies(['a=1', 'evil=1; Domain=example.test', 'worse=1; Domain=0.0.1', 'all=1; Domain=com'], 'a=1'),
    honest: 'ok',
  },
  {
    name: 'cookies for another path, past, and secure',
    everywhere: true,
    arrivalsOnly: true,
    answer: setsCookies(
      [
        'a=1; Path=/',
        'b=1; Path=/bad',
        'c=1; Max-Age=0',
        'd=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
        'e=1; Path=/after',
      ],
      'e=1; a=1',
    ),
    honest: 'ok',
  },
  {
    name: 'cookies that are none',
    everywhere: true,
    arrivalsOnly: true,
    answer: setsCookies(['', ';', '=', 'a=1; Path=/'], 'a=1'),
    honest: 'ok',
  },
  {
    name: 'a cookie of 8 kB',
    everywhere: true,
    arrivalsOnly: true,
    answer: setsCookies([`big=${'x'.repeat(8192)}; Path=/`], `big=${'x'.repeat(8192)}`),
    honest: 'ok',
  },
];
