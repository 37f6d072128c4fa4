import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encode, limits, ProtocolError, type Reply, type Request, RequestParser } from '../../../target/cache/resp.ts';

const requestBytes = fc.array(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  {
    minLength: 1,
    maxLength: 6,
  },
);

/** A request as a client sends it; encode() is the server's side, and a request is an array of bulk strings on both. */
function sent(request: Request): Buffer {
  return Buffer.concat(encode(request));
}

function parsed(pieces: readonly Buffer[]): Buffer[][] {
  const parser = new RequestParser();
  return pieces.flatMap((piece) => [...parser.push(piece)].map((request) => [...request]));
}

function cut(bytes: Buffer, positions: readonly number[]): Buffer[] {
  const ends = [...positions.map((position) => position % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** What the parser makes of bytes, the breach included. */
function outcome(pieces: readonly Buffer[]): { requests: string[][]; breach: boolean } {
  const parser = new RequestParser();
  const requests: string[][] = [];
  try {
    for (const piece of pieces) {
      for (const request of parser.push(piece)) requests.push(request.map((argument) => argument.toString('latin1')));
    }
    return { requests, breach: false };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { requests, breach: true };
  }
}

describe('the request parser', () => {
  test('gives back what was sent, however it was split', () => {
    fc.assert(
      fc.property(
        fc.array(requestBytes, { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (requests, positions) => {
          const bytes = Buffer.concat(requests.map(sent));
          expect(parsed(cut(bytes, positions))).toEqual(requests);
        },
      ),
    );
  });

  test('takes one byte at a time', () => {
    const request = [Buffer.from('SET'), Buffer.from('key'), Buffer.alloc(3_000, 7)];
    expect(parsed([...sent(request)].map((byte) => Buffer.of(byte)))).toEqual([request]);
  });

  test('of any bytes makes requests or a protocol error, the same however they were split', () => {
    const alphabet = [
      '*1\r\n',
      '*2\r\n',
      '$3\r\n',
      'GET',
      '\r\n',
      '\r',
      '\n',
      '*',
      '$',
      '-1',
      '0',
      'a b',
      '$0\r\n',
      '*0\r\n',
    ];
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.array(fc.constantFrom(...alphabet), { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''))),
    );
    fc.assert(
      fc.property(hostile, fc.array(fc.nat(), { maxLength: 20 }), (bytes, positions) => {
        expect(outcome(cut(bytes, positions))).toEqual(outcome([bytes]));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['PING\r\n', [['PING']]],
    [
      'set  a\tb\r\n\r\nGET a\r\n',
      [
        ['set', 'a', 'b'],
        ['GET', 'a'],
      ],
    ],
    ['*0\r\n*1\r\n$4\r\nPING\r\n', [['PING']]],
    ['*-1\r\n*1\r\n$0\r\n\r\n', [['']]],
  ])('reads %j', (text, requests) => {
    expect(outcome([Buffer.from(text)])).toEqual({ requests, breach: false });
  });

  test.each([
    [`*${limits.arguments + 1}\r\n`],
    ['*x\r\n'],
    ['*1\r\n:1\r\n'],
    ['*1\r\n$-1\r\n'],
    [`*1\r\n$${limits.bulkBytes + 1}\r\n`],
    ['*1\r\n$99999999999\r\n'],
    ['*1\r\n$1\r\nabc'],
    ['x'.repeat(limits.lineBytes + 2)],
    ['x'.repeat(limits.lineBytes + 1) + '\r\n'],
  ])('refuses %.30j', (text) => {
    expect(outcome([Buffer.from(text)])).toEqual({ requests: [], breach: true });
  });

  test('refuses a request whose strings are allowed one by one but not together', () => {
    const count = limits.requestBytes / limits.bulkBytes;
    const one = Buffer.concat([
      Buffer.from(`$${limits.bulkBytes}\r\n`),
      Buffer.alloc(limits.bulkBytes),
      Buffer.from('\r\n'),
    ]);
    const header = Buffer.from(`*${count + 1}\r\n`);
    const strings = Array.from({ length: count }, () => one);
    expect(outcome([header, ...strings])).toEqual({ requests: [], breach: false });
    expect(outcome([header, ...strings, Buffer.from('$1\r\n')])).toEqual({ requests: [], breach: true });
  });

  test('hands over the requests before a breach', () => {
    expect(outcome([Buffer.from('PING\r\n*1\r\n:9\r\n')])).toEqual({ requests: [['PING']], breach: true });
  });
});

test.each<[Reply, string]>([
  [{ simple: 'OK' }, '+OK\r\n'],
  [{ error: 'ERR no' }, '-ERR no\r\n'],
  [-2, ':-2\r\n'],
  [9223372036854775807n, ':9223372036854775807\r\n'],
  [null, '$-1\r\n'],
  [Buffer.from('a\r\nb'), '$4\r\na\r\nb\r\n'],
  [[Buffer.from('x'), [1, null], []], '*3\r\n$1\r\nx\r\n*2\r\n:1\r\n$-1\r\n*0\r\n'],
])('encodes %j', (reply, bytes) => {
  expect(Buffer.concat(encode(reply)).toString('latin1')).toBe(bytes);
});
