import { expect, test } from '@jest/globals';
import { parseExactJson } from '../../../lib/document/exact-json.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import { lowerHttp } from '../../../lib/plan/steps/http.ts';
import type { HttpInput } from '../../../lib/plan/steps/schemas/request.ts';
import { compileRequest } from '../../../loadgen/engine/request.ts';
import { SHARED_POOL } from '../../../loadgen/senders/sender.ts';
import { sendable } from './sendable.ts';
import { User, type Value } from '../../../loadgen/engine/user.ts';

const LONG = parseExactJson('{"sub":8214565720323784705,"price":1.10}') as object;

function madeOf(step: HttpInput, target = 'http://a.test', headers = {}) {
  const plan = lowerPlan(
    { name: 'x', headers, timeout: '7s', scenarios: [{ name: 'all', steps: [step] }], phases: [] },
    { feeders: [] },
  );
  const claims = { sub: '1234567890', name: 'John Doe', iat: 1516239022 };
  const constants = new Map<string, Value>(
    Object.entries({ id: 5, word: 'a b', claims, long: LONG, empty: '', nothing: null }),
  );
  const context = {
    plan,
    target: new URL(target),
    constants,
    values: constants,
    references: new Set<string>(),
    mayLoad: () => false,
  };
  return compileRequest(lowerHttp(step), context, { body: false, headers: false })(new User(3, SHARED_POOL, () => 0.5));
}

const requestOf = (...args: Parameters<typeof madeOf>) => sendable(madeOf(...args));

test.each([
  ['http://a.test', '/x', 'http://a.test', '/x'],
  ['http://a.test/', '/x', 'http://a.test', '/x'],
  ['http://a.test/api', '/x', 'http://a.test', '/api/x'],
  ['http://a.test/api/', 'x', 'http://a.test', '/api/x'],
  ['http://a.test:80', '/', 'http://a.test', '/'],
  ['https://a.test:8443', '/x?y=1', 'https://a.test:8443', '/x?y=1'],
  ['http://a.test', 'https://b.test/x', 'https://b.test', '/x'],
  ['http://a.test', '/{{ id }}/{{ word }}', 'http://a.test', '/5/a%20b'],
  ['http://a.test', '/x#part', 'http://a.test', '/x'],
  ['http://[::1]:80/', '/x', 'http://[::1]', '/x'],
])('%s and %s', (target, path, origin, pathAndQuery) => {
  expect(requestOf({ get: path }, target)).toMatchObject({ origin, path: pathAndQuery, method: 'GET', body: null });
});

/** RFC 4231 §4.3, RFC 4648 §10, FIPS 180-4's example, and the token of jwt.io. */
test.each([
  [
    '$hmac("sha256", "Jefe", "what do ya want for nothing?")',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  ['$base64("foobar")', 'Zm9vYmFy'],
  ['$base64url("??>>")', 'Pz8-Pg'],
  ['$digest("sha1", "abc")', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['$digest("md5", $base64(id), "base64")', 'i5rx9/dtrw8CvZxIxKLj0A=='],
  [
    '$jwt("HS256", "your-256-bit-secret", claims)',
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
  ],
])('{{ %s }} is %s', (call, value) => {
  expect(requestOf({ post: '/', body: `{{ ${call} }}` })?.body).toBe(value);
});

test('a token that is valid for a time says when it was issued and ends; what is no map of claims makes none', () => {
  const [, payload = ''] = String(requestOf({ post: '/', body: '{{ $jwt("HS512", "k", claims, 60) }}' })?.body).split(
    '.',
  );
  const { iat, exp, sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, number>;
  expect([sub, (exp ?? 0) - (iat ?? 0)]).toEqual(['1234567890', 60]);
  expect(requestOf({ post: '/', body: '{{ $jwt("HS512", "k", word) }}' })).toBeUndefined();
});

test.each(['claims, 60', 'claims'])('numbers among the claims are as they were written, in $jwt of %s', (args) => {
  const token = String(
    requestOf({ post: '/', body: `{{ $jwt("HS256", "k", ${args.replace('claims', 'long')}) }}` })?.body,
  );
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  expect(claims.replace(/,"iat":\d+,"exp":\d+/, '')).toBe('{"sub":8214565720323784705,"price":1.10}');
});

test('a query is added to one that is there, and encoded', () => {
  expect(requestOf({ get: '/x?a=1', query: { b: '{{ word }}&', c: 2, d: true } })?.path).toBe(
    '/x?a=1&b=a%20b%26&c=2&d=true',
  );
});

test.each<[HttpInput, string, string | undefined]>([
  [{ post: '/', json: { a: '{{ id }}', b: ['{{ word }}!'] } }, '{"a":5,"b":["a b!"]}', 'application/json'],
  [{ post: '/', json: null }, 'null', 'application/json'],
  [{ post: '/', form: { a: '{{ word }}', b: 'ü' } }, 'a=a%20b&b=%C3%BC', 'application/x-www-form-urlencoded'],
  [{ put: '/', body: 'raw {{ id }}' }, 'raw 5', undefined],
])('body of %j', (step, body, type) => {
  const request = requestOf(step);
  expect([request?.body, request?.headers['content-type']]).toEqual([body, type]);
});

test("headers: the step's before the plan's before what the body implies, whatever their case", () => {
  const headers = requestOf(
    { post: '/', json: {}, headers: { 'CONTENT-TYPE': 'text/x', b: 'step' } },
    'http://a.test',
    { B: 'plan', c: '{{ id }}' },
  )?.headers;
  expect(headers).toEqual({ 'user-agent': 'plimsoll', 'content-type': 'text/x', b: 'step', c: '5' });
});

test.each([
  [{ get: '/' }, 7_000_000],
  [{ get: '/', timeout: '250ms' }, 250_000],
])('the deadline of %j', (step, us) => {
  expect(requestOf(step)?.deadlineUs).toBe(us);
});

test.each(['http://', 'http://a b/x', 'http://[::1/x'])('%s is no request', (path) => {
  expect(requestOf({ get: path })).toBeUndefined();
});

/** Where it is read, in a run's console and in `try`, there is nothing else to go by. */
test.each<[HttpInput, string]>([
  [{ get: '/{{ claims.email }}' }, '{{ claims.email }} has no value'],
  [{ get: '/', query: { q: '{{ nothing }}' } }, '{{ nothing }} is null, which is no text'],
  [{ post: '/', body: '{{ $base64(nothing) }}' }, '{{ nothing }} is null, which is no text'],
  [{ get: '/a/{{ empty }}/b' }, '{{ empty }} is an empty path segment, . or ..'],
  [{ get: '/a/.{{ empty }}' }, '.{{ empty }} is an empty path segment, . or ..'],
  [{ get: '/{{ word | raw }}' }, 'a raw value holds what no address may'],
  [
    { get: '/', headers: { 'X-Tag': 'a {{ empty }}' } },
    'the header x-tag holds a control character, or a blank at an end',
  ],
  [{ post: '/', json: { '{{ id }}': 1, '5': 2 } }, 'two keys of the JSON body are one'],
  [{ post: '/', json: { a: '{{ word | raw }}' } }, 'a raw value is no JSON'],
  [{ post: '/', body: '{{ $jwt("HS512", "k", word) }}' }, '$jwt has claims that are no JSON object'],
  [{ get: '{{ empty }}' }, 'the address is empty, or holds a control character'],
  [{ get: 'http://[::1/x' }, 'the address is no URL'],
])('%j is no request, with the reason', (step, reason) => {
  expect(madeOf(step)).toEqual({ reason });
});
