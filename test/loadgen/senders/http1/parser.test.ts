import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ResponseParser } from '../../../../loadgen/senders/http1/parser.ts';
import { hostileStreams } from './streams.ts';
import { llhttp, type Reading } from './llhttp.ts';

const NEEDS = { head: false, body: true, headers: true };

/** Pushes the stream read by read, then its end. */
function read(bytes: Buffer, cuts: readonly number[], head = false): ResponseParser {
  const parser = new ResponseParser();
  parser.expect({ ...NEEDS, head });
  const edges = [0, ...cuts, bytes.length];
  for (let i = 0; i + 1 < edges.length && !parser.done && !parser.failed; i += 1) {
    const piece = Buffer.from(bytes.subarray(edges[i], edges[i + 1]));
    parser.push(piece, piece.length);
  }
  if (!parser.done && !parser.failed) parser.end();
  return parser;
}

const outcome = (parser: ResponseParser): Reading | string =>
  parser.done ? { status: parser.head.status, body: parser.body.toString('latin1') } : parser.head.failure;

const whole = (text: string, head = false): Reading | string => outcome(read(Buffer.from(text, 'latin1'), [], head));

describe('a reply and what becomes of it', () => {
  const ok = 'HTTP/1.1 200 OK\r\n';
  test.each([
    ['content-length', `${ok}Content-Length: 5\r\n\r\nhello`, { status: 200, body: 'hello' }],
    ['no body at length 0', `${ok}Content-Length: 0\r\n\r\n`, { status: 200, body: '' }],
    [
      'chunked',
      `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT: v\r\n\r\n`,
      { status: 200, body: 'hello' },
    ],
    ['ended by the connection', `${ok}\r\nhello`, { status: 200, body: 'hello' }],
    ['no reason', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', { status: 200, body: '' }],
    [
      'interim replies first',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n${ok}Content-Length: 2\r\n\r\nok`,
      { status: 200, body: 'ok' },
    ],
    ['204 has no body', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, body: '' }],
    ['nothing at all', '', 'closed'],
    ['half a status line', 'HTTP/1.1 20', 'closed'],
    ['half a head', `${ok}Content-Le`, 'closed'],
    ['a body too short', `${ok}Content-Length: 5\r\n\r\nhel`, 'truncated'],
    ['no last chunk', `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n`, 'truncated'],
    ['an interim reply and no other', 'HTTP/1.1 100 Continue\r\n\r\n', 'closed'],
    ['garbage', 'hello, world\r\n\r\n', 'protocol'],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n', 'protocol'],
    ['bare LF', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', 'protocol'],
    ['two lengths', `${ok}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, 'protocol'],
    ['length and chunked', `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 'protocol'],
    ['a negative length', `${ok}Content-Length: -5\r\n\r\nhello`, 'protocol'],
    ['a length past all bounds', `${ok}Content-Length: 99999999999999999999\r\n\r\n`, 'protocol'],
    ['a bad chunk size', `${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 'protocol'],
    ['a chunk longer than it says', `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n`, 'protocol'],
    ['an unasked upgrade', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', 'protocol'],
    ['a folded header', `${ok}X: a\r\n b\r\n\r\n`, 'protocol'],
    ['a header of 20,000 bytes', `${ok}X: ${'a'.repeat(20_000)}\r\n\r\n`, 'too-large'],
  ] as const)('%s', (_, text, wanted) => {
    expect(whole(text)).toEqual(wanted);
  });

  test('HEAD has no body, whatever its length says', () => {
    expect(whole(`${ok}Content-Length: 5\r\n\r\n`, true)).toEqual({ status: 200, body: '' });
  });

  test('bytes behind a reply are seen', () => {
    expect(read(Buffer.from(`${ok}Content-Length: 0\r\n\r\nHTTP/1.1 200`), []).leftover).toBe(true);
    expect(read(Buffer.from(`${ok}Content-Length: 0\r\n\r\n`), []).leftover).toBe(false);
  });

  test.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\n\r\n', false],
    ['HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', false],
  ])('%j may carry another request: %s', (text, keepAlive) => {
    expect(read(Buffer.from(text), []).head.keepAlive).toBe(keepAlive);
  });

  test('headers are kept by their lower-case names, several of one as a list', () => {
    const { headers } = read(
      Buffer.from(`${ok}Set-Cookie: a=1\r\nSET-COOKIE:  b=2 \r\nX-Id: 7\r\nContent-Length: 0\r\n\r\n`),
      [],
    ).head;
    expect(headers).toEqual({ 'set-cookie': ['a=1', 'b=2'], 'x-id': '7', 'content-length': '0' });
  });
});

test('law: however a stream is cut into reads, the outcome is the same', () => {
  const streams = hostileStreams(7);
  fc.assert(
    fc.property(fc.array(fc.nat(400), { maxLength: 12 }), (cuts) => {
      const { bytes, head } = streams.next().value;
      const inside = cuts.filter((cut) => cut <= bytes.length).toSorted((a, b) => a - b);
      expect(outcome(read(bytes, inside, head))).toEqual(outcome(read(bytes, [], head)));
    }),
    { numRuns: 5000 },
  );
});

/** `PLIMSOLL_FUZZ=1000000 npm test -- test/loadgen/senders/http1` for the long run. */
const RUNS = Number(process.env['PLIMSOLL_FUZZ'] ?? 30_000);

test(`law: of ${RUNS} hostile streams none is accepted that llhttp refuses, or read in another way`, () => {
  const looser: { text: string; lean: Reading; llhttp: Reading | undefined }[] = [];
  let accepted = 0;
  const streams = hostileStreams(11);
  for (let run = 0; run < RUNS && looser.length < 5; run += 1) {
    const { bytes, head, cuts } = streams.next().value;
    const lean = outcome(read(bytes, cuts, head));
    if (typeof lean === 'string') continue;
    accepted += 1;
    const oracle = llhttp(bytes, head);
    if (oracle?.status !== lean.status || oracle.body !== lean.body)
      looser.push({ text: bytes.toString('latin1'), lean, llhttp: oracle });
  }
  expect(looser).toEqual([]);
  expect(accepted).toBeGreaterThan(RUNS / 20);
});

test.each([
  ['timeout=5', 5],
  ['timeout=5, max=100', 5],
  ['max=100, timeout=2', 2],
  ['max=100', Number.POSITIVE_INFINITY],
  ['timeout=', Number.POSITIVE_INFINITY],
])('keep-alive: %s is %d s', (value, seconds) => {
  const parser = new ResponseParser();
  parser.expect({ head: false, body: false, headers: false });
  const bytes = Buffer.from(`HTTP/1.1 200 OK\r\nKeep-Alive: ${value}\r\nContent-Length: 0\r\n\r\n`);
  parser.push(bytes, bytes.length);
  expect(parser.head.idleSeconds).toBe(seconds);
});
