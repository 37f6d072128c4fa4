import { expect, test } from '@jest/globals';
import { headerIn, type Outgoing } from '../../../loadgen/senders/sender.ts';
import { w3cTraces, withTraceId } from '../../../loadgen/senders/traces.ts';

const request: Outgoing = {
  origin: 'http://127.0.0.1',
  path: '/',
  method: 'GET',
  headers: { accept: '*/*' },
  body: null,
  deadlineUs: 1e6,
  needs: { head: false, body: false, headers: false },
  wire: Buffer.from('as it was without a trace'),
};

test('every request is the root of a sampled trace of its own, and the one that was given stays as it was', () => {
  const traces = w3cTraces();
  const marked = Array.from({ length: 2000 }, () => traces.mark(request));
  const parents = marked.map(({ headers }) => headerIn(headers, 'traceparent') ?? '');
  expect(parents.filter((parent) => !/^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-01$/.test(parent))).toEqual([]);
  expect(new Set(parents.map((parent) => parent.slice(3, 35))).size).toBe(2000);
  expect(marked.every(({ headers, wire }) => headers['accept'] === '*/*' && wire === undefined)).toBe(true);
  expect(request.headers).toEqual({ accept: '*/*' });
});

test("a plan's own traceparent is left as it is", () => {
  const own = { ...request, headers: { traceparent: '00-of-the-plan-00' } };
  expect(w3cTraces().mark(own)).toBe(own);
});

const traced = { ...request, headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } };

test.each([
  ['reset by peer', traced, `trace ${'a'.repeat(32)}: reset by peer`],
  [undefined, traced, `trace ${'a'.repeat(32)}`],
  ['reset by peer', request, 'reset by peer'],
  [undefined, undefined, undefined],
])('%j is said of a failure as %#', (detail, outgoing, said) => {
  expect(withTraceId(detail, outgoing)).toBe(said);
});
