import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { IntervalWire } from '../../lib/measure/codec.ts';
import { encodeInterval } from '../../lib/measure/encode.ts';
import { emptyInterval, merge, type Interval } from '../../lib/measure/interval.ts';
import { anyInterval } from './intervals.ts';

const KEY = { phase: 0, worker: 0, second: 0 };

/** As written, with the steps in one order: which step came first is no part of a record. */
function written(interval: Interval): IntervalWire {
  const wire = encodeInterval(KEY, interval);
  return { ...wire, steps: wire.steps.toSorted((a, b) => a.step - b.step) };
}

test('law: merging is associative', () => {
  fc.assert(
    fc.property(anyInterval, anyInterval, anyInterval, (a, b, c) => {
      expect(written(merge([merge([a, b]), c]))).toEqual(written(merge([a, merge([b, c])])));
    }),
  );
});

test('law: merging is commutative', () => {
  fc.assert(
    fc.property(anyInterval, anyInterval, (a, b) => {
      expect(written(merge([a, b]))).toEqual(written(merge([b, a])));
    }),
  );
});

test('law: the empty interval changes nothing, on either side', () => {
  fc.assert(
    fc.property(anyInterval, (a) => {
      expect(written(merge([a, emptyInterval()]))).toEqual(written(a));
      expect(written(merge([emptyInterval(), a]))).toEqual(written(a));
    }),
  );
});

test('law: merging leaves what is merged as it was', () => {
  fc.assert(
    fc.property(anyInterval, anyInterval, (a, b) => {
      const before = JSON.stringify([written(a), written(b)]);
      merge([a, b, a]);
      expect(JSON.stringify([written(a), written(b)])).toBe(before);
    }),
  );
});

test('merging nothing is empty', () => {
  expect(written(merge([]))).toEqual(written(emptyInterval()));
});
