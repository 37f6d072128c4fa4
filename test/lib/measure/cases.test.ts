import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { addCase, CaseCollector, type FailureCase } from '../../../lib/measure/cases.ts';

const anyCase: fc.Arbitrary<FailureCase> = fc.record(
  {
    kind: fc.constantFrom('status.503', 'status.500', 'timedOut', 'reset'),
    atUs: fc.nat(50),
    status: fc.constantFrom(500, 503),
    text: fc.constantFrom('no stock for 1', 'no stock for 22', 'pool is full', 'deadlock', 'too late'),
  },
  { requiredKeys: ['kind', 'atUs'] },
);

const merged = (...parts: readonly (readonly FailureCase[])[]): FailureCase[] => {
  const into: FailureCase[] = [];
  for (const each of parts.flat()) addCase(into, each);
  return into;
};

describe('examples of failures', () => {
  test('are the same whichever way they are merged, and few', () => {
    fc.assert(
      fc.property(fc.array(anyCase), fc.array(anyCase), fc.array(anyCase), (a, b, c) => {
        const all = merged(a, b, c);
        expect(merged(merged(a, b), c)).toEqual(all);
        expect(merged(a, merged(b, c))).toEqual(all);
        expect(merged(c, merged(b, a))).toEqual(all);
        expect(merged(all, all)).toEqual(all);
        for (const own of Map.groupBy(all, ({ kind }) => kind).values()) expect(own.length).toBeLessThanOrEqual(3);
      }),
    );
  });

  test.each([
    ['numbers', 'order 17 of 20', 'order 3 of 4', 1],
    ['ids', 'job 7f3c2a10-5b1d-4c9a-8e0f-1a2b3c4d5e6f', 'job 00000000-0000-4000-8000-000000000000', 1],
    ['blanks', 'a  b\n', 'a b ', 1],
    ['words', 'pool is full', 'no stock', 2],
  ])('that differ by %s', (_, one, other, count) => {
    const of = (text: string, atUs: number): FailureCase => ({ kind: 'status.500', atUs, text });
    expect(merged([of(one, 2)], [of(other, 1)])).toHaveLength(count);
  });
});

describe('a collector', () => {
  test('looks at few of many failures that are alike, and stores one', () => {
    const collector = new CaseCollector();
    let looks = 0;
    const look = () => ({ status: 503, text: `number ${(looks += 1)}` });
    const stored = Array.from({ length: 10_000 }, (_, at) => collector.offer(0, 'status.503', at * 100, look));
    expect(stored.filter((each) => each !== undefined)).toHaveLength(1);
    expect(looks).toBeLessThanOrEqual(20);
  });

  test('finds one that differs a second later', () => {
    const collector = new CaseCollector();
    const offer = (atUs: number, text: string) => collector.offer(0, 'status.503', atUs, () => ({ text }));
    for (let at = 0; at < 1000; at += 1) offer(at, 'alike');
    expect(offer(1_000_001, 'another')).toEqual({ kind: 'status.503', atUs: 1_000_001, text: 'another' });
  });

  test('stores three of a kind of a step at the most', () => {
    const collector = new CaseCollector();
    const texts = ['a', 'b', 'c', 'd'];
    const stored = texts.map((text, at) => collector.offer(1, 'reset', at * 1e6, () => ({ text })));
    expect(stored.map((each) => each?.text)).toEqual(['a', 'b', 'c', undefined]);
  });
});
