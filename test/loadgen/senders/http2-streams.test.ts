import { afterEach, expect, test } from '@jest/globals';
import { selfSigned } from '../../system/honesty/certificates.ts';
import { journeyOf } from './exchange.ts';
import { data, END_STREAM, FrameServer, goaway, headers, reset } from './frame-server.ts';

const certificate = selfSigned({ host: 'localhost', address: [127, 0, 0, 1], fromDays: -1, untilDays: 1 });
const [NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM] = [0, 1, 2, 7, 8, 11];

type Answer = (stream: number) => readonly Buffer[];

const head = (stream: number, flags = 0): Buffer => headers(stream, { ':status': '200' }, flags);
const sound: Answer = (stream) => [head(stream), data(stream, 'ok', END_STREAM)];

let server: FrameServer | undefined;
afterEach(() => server?.close());

/** How requests end whose second one is answered so. */
async function endsOf(odd: Answer, steps: Parameters<typeof journeyOf>[0]['steps']) {
  server = new FrameServer(certificate, (stream, nth) => (nth === 2 ? odd(stream) : sound(stream)));
  const target = await server.listen();
  const plan = { http2: true, timeout: '2s' };
  return { ...(await journeyOf({ target, plan, steps, ca: certificate.cert })), server };
}

// Clients may send again what a server says it has not taken (RFC 9113 §8.7). A generator that did would hide what its users get.
test.each<[string, Answer, string, string]>([
  ['refuses the stream', (s) => [reset(s, REFUSED_STREAM)], 'reset', 'NGHTTP2_REFUSED_STREAM'],
  ['resets the stream', (s) => [reset(s, INTERNAL_ERROR)], 'reset', 'NGHTTP2_INTERNAL_ERROR'],
  ['cancels the stream', (s) => [reset(s, CANCEL)], 'reset', 'before the response'],
  ['finds the request wrong', (s) => [reset(s, PROTOCOL_ERROR)], 'protocol', 'NGHTTP2_PROTOCOL_ERROR'],
  ['goes away', () => [goaway(0, NO_ERROR)], 'closed', 'GOAWAY'],
  ['is asked too much', () => [goaway(0, ENHANCE_YOUR_CALM)], 'closed', 'code 11'],
  ['goes away with an error', (s) => [goaway(s, INTERNAL_ERROR)], 'closed', 'code 2'],
  ['breaks the body off with an error', (s) => [head(s), data(s, 'o'), reset(s, INTERNAL_ERROR)], 'reset', 'INTERNAL'],
  // Neither code is an error to those who read a stream, and yet the body is not whole (§8.1).
  ['breaks the body off without an error', (s) => [head(s), data(s, 'o'), reset(s, NO_ERROR)], 'truncated', 'NO_ERROR'],
  ['cancels the rest of the body', (s) => [head(s), data(s, 'o'), reset(s, CANCEL)], 'truncated', 'CANCEL'],
  ['cancels the whole body', (s) => [head(s), reset(s, CANCEL)], 'truncated', 'CANCEL'],
])('a request to a server that %s is sent once, and has failed', async (_, odd, kind, said) => {
  const steps = [{ get: '/' }, { post: '/', body: 'x', expect: { body: 'o' } }];
  const { sent, ok, failures, examples, server: asked } = await endsOf(odd, steps);
  expect([sent, ok, failures]).toEqual([2, 1, { [kind]: 1 }]);
  expect(Object.values(examples ?? {})).toEqual([expect.stringContaining(said)]);
  expect(asked.asked).toHaveLength(2);
});

test.each<[string, Answer]>([
  ['with its head', (s) => [head(s, END_STREAM)]],
  ['with an empty frame', (s) => [head(s), data(s, 'ok'), data(s, '', END_STREAM)]],
  ['with trailers', (s) => [head(s), data(s, 'ok'), headers(s, { sum: '1' }, END_STREAM)]],
  // §8.1: a reply that is whole before the request was read may be followed by this.
  ['and then stops the request', (s) => [...sound(s), reset(s, NO_ERROR)]],
  ['and then goes away', (s) => [...sound(s), goaway(s, NO_ERROR)]],
  ['after it has said that it goes away', (s) => [goaway(s, NO_ERROR), ...sound(s)]],
  ['behind interim ones', (s) => [headers(s, { ':status': '103' }), headers(s, { ':status': '100' }), ...sound(s)]],
])('a reply that the server ends %s is whole', async (_, odd) => {
  const { sent, ok } = await endsOf(odd, [{ get: '/' }, { post: '/', body: 'x' }, { get: '/' }]);
  expect([sent, ok]).toEqual([3, 3]);
});

test.each([
  ['a header of a connection', { 'Proxy-Connection': 'keep-alive' }],
  ['a header that only HTTP/1.1 has', { TE: 'gzip' }],
  ['headers too long for a frame', { x: 'v'.repeat(70_000) }],
])('%s is no request over HTTP/2, and no failure of the server', async (_, unsendable) => {
  const { ok, failures, server: asked } = await endsOf(sound, [{ get: '/' }, { get: '/', headers: unsendable }]);
  expect([ok, failures]).toEqual([1, { request: 1 }]);
  expect(asked.asked).toHaveLength(1);
});

test('a stream that was reset leaves its connection to the next request', async () => {
  const refuses: Answer = (stream) => [reset(stream, REFUSED_STREAM)];
  server = new FrameServer(certificate, refuses);
  const target = await server.listen();
  // A journey ends with the first request without a reply, so there are several.
  const plan = { http2: true, timeout: '2s' };
  await journeyOf({ target, plan, steps: [{ get: '/' }], ca: certificate.cert, times: 3 });
  expect([server.asked, server.connections]).toEqual([[1, 3, 5], 1]);
});
