import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { query, type JsonValue } from 'jsonpath-rfc9535';
import { lowerHttp } from '../../../lib/plan/steps/http.ts';
import type { HttpInput } from '../../../lib/plan/steps/schemas/request.ts';
import { compileJsonPath } from '../../../loadgen/engine/reply/json-path.ts';
import { compileJudge, needsOf } from '../../../loadgen/engine/judge.ts';
import { MOST_BODY_BYTES, SHARED_POOL, type Reply } from '../../../loadgen/senders/sender.ts';
import { User } from '../../../loadgen/engine/user.ts';

interface Part {
  readonly status?: number;
  readonly headers?: Reply['headers'];
  readonly body?: string | Buffer;
}

const replyOf = ({ status = 200, headers = {}, body = '{"state":"up","n":1,"list":[1]}' }: Part): Reply => ({
  status,
  headers,
  body: Buffer.from(body),
});

const judge = (step: Partial<HttpInput>, reply: Part, us = 0) =>
  compileJudge(lowerHttp({ get: '/', ...step }))(replyOf(reply), us, new User(0, SHARED_POOL, () => 0));

test.each<[string, HttpInput['expect'], Part, string | undefined]>([
  ['200 by default', undefined, {}, undefined],
  ['399 by default', undefined, { status: 399 }, undefined],
  ['400 by default', undefined, { status: 400 }, 'status.400'],
  ['a status named', { status: 404 }, { status: 404 }, undefined],
  ['another', { status: 404 }, {}, 'status.200'],
  ['one of several', { status: [201, 202] }, { status: 202 }, undefined],
  [
    'a header that contains it',
    { header: { 'Content-Type': 'json' } },
    { headers: { 'content-type': 'application/json' } },
    undefined,
  ],
  ['a header that comes twice', { header: { via: 'b' } }, { headers: { via: ['a', 'b'] } }, undefined],
  ['a header that lacks', { header: { via: 'b' } }, {}, 'expect.header'],
  ['text', { body: '"up"' }, {}, undefined],
  ['text that lacks', { body: 'down' }, {}, 'expect.body'],
  ['a pattern', { body: { regex: '"n":\\d' } }, {}, undefined],
  ['a pattern that does not fit', { body: { regex: '^\\d' } }, {}, 'expect.body'],
  ['JSON', { body: { json: { '$.state': 'up', '$.n': 1 } } }, {}, undefined],
  ['JSON of another type', { body: { json: { '$.n': '1' } } }, {}, 'expect.body'],
  ['JSON where there is none', { body: { json: { '$.n': 1 } } }, { body: '<html>' }, 'expect.body'],
  ['the status first', { body: 'down' }, { status: 503 }, 'status.503'],
])('expect %s', (_, expectation, reply, kind) => {
  expect(judge({ expect: expectation }, reply)).toBe(kind);
});

test.each([
  [50_000, undefined],
  [50_001, 'expect.time'],
])('a response time of %i µs against 50 ms', (us, kind) => {
  expect(judge({ expect: { time: '50ms' } }, {}, us)).toBe(kind);
});

test.each<[string, string, Buffer, string | undefined]>([
  ['gzip', 'gzip', gzipSync('hello'), undefined],
  ['X-GZIP in capitals', 'X-GZIP', gzipSync('hello'), undefined],
  ['deflate', 'deflate', deflateSync('hello'), undefined],
  ['br', 'br', brotliCompressSync('hello'), undefined],
  ['zstd', 'zstd', zstdCompressSync('hello'), undefined],
  ['one in the other, last first', 'gzip, br', brotliCompressSync(gzipSync('hello')), undefined],
  ['one in the other, in the wrong order', 'br, gzip', brotliCompressSync(gzipSync('hello')), 'encoding'],
  ['broken gzip', 'gzip', Buffer.from('hello'), 'encoding'],
  ['an unknown coding', 'rot13', Buffer.from('uryyb'), 'encoding'],
  ['as much as is read', 'gzip', gzipSync(`hello${'x'.repeat(MOST_BODY_BYTES - 5)}`), undefined],
  ['one byte more', 'gzip', gzipSync(`hello${'x'.repeat(MOST_BODY_BYTES - 4)}`), 'too-large'],
  ['much more, by br', 'br', brotliCompressSync(Buffer.alloc(2 * MOST_BODY_BYTES)), 'too-large'],
  ['much more, by zstd', 'zstd', zstdCompressSync(Buffer.alloc(2 * MOST_BODY_BYTES)), 'too-large'],
  ['much more, by deflate', 'deflate', deflateSync(Buffer.alloc(2 * MOST_BODY_BYTES)), 'too-large'],
])('content-encoding: %s', (_, encoding, body, kind) => {
  expect(judge({ expect: { body: 'hello' } }, { headers: { 'content-encoding': encoding }, body })).toBe(kind);
});

test.each<[string, HttpInput['capture'], unknown]>([
  ['a JSON value', { x: '$.n' }, 1],
  ['a JSON list', { x: '$.list' }, [1]],
  ['a header', { x: { header: 'ETag' } }, '"v1"'],
  ['the first group of a pattern', { x: { regex: '"state":"(\\w+)"' } }, 'up'],
  ['the whole match', { x: { regex: '"n":\\d', group: 0 } }, '"n":1'],
])('capture %s', (_, capture, value) => {
  const user = new User(0, SHARED_POOL, () => 0);
  const step = lowerHttp({ get: '/', capture });
  expect(compileJudge(step)(replyOf({ headers: { etag: '"v1"' } }), 0, user)).toBeUndefined();
  expect(user.variables.get('x')).toEqual(value);
});

test.each([
  ['$.id', '8214565720323784705'],
  ['$.list[1]', '1.10'],
  ['$.list[?@ > 1]', '1.10'],
  ["$['it\\'s\\n'][?@.n == 1e21].id", '-9007199254740993'],
  ['$.list', '[1,1.10]'],
])('%s is captured as it was written', (path, text) => {
  const user = new User(0, SHARED_POOL, () => 0);
  const body = `{"id":8214565720323784705,"list":[1,1.10],"it's\\n":[{"n":1e21,"id":-9007199254740993}]}`;
  compileJudge(lowerHttp({ get: '/', capture: { x: path } }))(replyOf({ body }), 0, user);
  expect(JSON.stringify(user.variables.get('x'))).toBe(text);
});

test.each<[string, HttpInput['capture']]>([
  ['a JSON value', { x: '$.m' }],
  ['a header', { x: { header: 'etag' } }],
  ['a pattern', { x: { regex: 'z' } }],
  ['a group that did not take part', { x: { regex: '(z)?"state"' } }],
])('a capture fails without %s', (_, capture) => {
  expect(judge({ capture }, {})).toBe('capture');
});

test.each<[Partial<HttpInput>, boolean]>([
  [{}, false],
  [{ expect: { status: 200, header: { a: 'b' }, time: '1s' } }, false],
  [{ capture: { x: { header: 'etag' } } }, false],
  [{ capture: { x: '$.a' } }, true],
  [{ expect: { body: 'x' } }, true],
])('%j reads the body: %s', (step, reads) => {
  expect(needsOf(lowerHttp({ get: '/', ...step })).body).toBe(reads);
});

const DOCUMENT = { a: { b: [10, { c: 'x', length: 1 }] }, none: null, toString: 'own', list: [] };

test.each([
  ['$', DOCUMENT],
  ['$.a.b[0]', 10],
  ['$.a.b[1].c', 'x'],
  ['$.none', null],
  ['$.toString', 'own'],
  ['$.a.b[9]', undefined],
  ['$.a.b.length', undefined],
  ['$.a[0]', undefined],
  ['$.none.deeper', undefined],
  ['$.constructor', undefined],
  ['$.a.b[1].length', 1],
  ['$..c', 'x'],
  ["$['a']['b'][0]", 10],
  ['$.a.b[-1].c', 'x'],
  ['$.a.b[?@.c].c', 'x'],
  ['$.list[*]', undefined],
])('%s', (path, found) => {
  expect(compileJsonPath(path)(DOCUMENT)).toEqual(found);
});

const name = fc.constantFrom('a', 'b', 'length', 'constructor', '_x');
const json = fc.letrec<{ any: JsonValue }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom<JsonValue>(null, true, 7, 'text'),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 4 }),
  ),
})).any;
const part = fc.oneof(
  name.map((each) => `.${each}`),
  fc.nat(3).map((index) => `[${index}]`),
);

test('law: the walk finds what RFC 9535 finds', () => {
  fc.assert(
    fc.property(json, fc.array(part, { maxLength: 4 }), (document, parts) => {
      const path = `$${parts.join('')}`;
      expect(compileJsonPath(path)(document)).toEqual(query(document, path)[0]);
    }),
    { numRuns: 500 },
  );
});
