import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  asCodeValues,
  asDoubles,
  isSameValue,
  orderOfNumbers,
  parseExactJson,
} from '../../../lib/document/exact-json.ts';

test.each([
  '8214565720323784705',
  '-9007199254740993',
  '1.10',
  '1e21',
  '1E+2',
  '-0',
  '0.0000001',
  '[1,2.50,{"a":1.0}]',
  '{"id":8214565720323784705,"next":{"cursor":1.10},"date":"2026-01-01"}',
])('%s is written as it was read', (text) => {
  expect(JSON.stringify(parseExactJson(text))).toBe(text);
});

test('any number is written as it was read', () => {
  const digits = fc.stringMatching(/^-?(?:0|[1-9]\d{0,25})(?:\.\d{1,8})?(?:[eE][+-]?\d{1,3})?$/);
  fc.assert(
    fc.property(fc.array(digits, { minLength: 1, maxLength: 4 }), (numbers) => {
      const text = `{"a":[${numbers.join(',')}],"b":"-0 1.5e7"}`;
      expect(JSON.stringify(parseExactJson(text))).toBe(text);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['1.10', '1.1', true],
  ['100', '1e2', true],
  ['-0', '0', true],
  ['0.5', '5e-1', true],
  ['8214565720323784705', '8214565720323784704', false],
  ['8214565720323784705', '8214565720323784705.0', true],
  ['1', '-1', false],
  ['1', '"1"', false],
  ['true', 'true', true],
  ['null', 'false', false],
  ['[1]', '[1]', false],
])('%s is %s: %s', (a, b, same) => {
  expect(isSameValue(parseExactJson(a), parseExactJson(b))).toBe(same);
});

test('doubles for those who compute with them', () => {
  expect(asDoubles(parseExactJson('{"a":[1.10,"x",null],"b":{"c":1}}'))).toEqual({ a: [1.1, 'x', null], b: { c: 1 } });
  const plain = { a: [1, { b: 2 }] };
  expect(asDoubles(plain)).toBe(plain);
});

test('numbers have the order of their size, whatever their length', () => {
  const number = fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 6 }));
  fc.assert(
    fc.property(number, number, ([a, left], [b, right]) => {
      // Both as so many millionths.
      const order = a * 10n ** BigInt(6 - left) - b * 10n ** BigInt(6 - right);
      expect(Math.sign(orderOfNumbers(`${a}e-${left}`, `${b}e-${right}`))).toBe(order < 0n ? -1 : order > 0n ? 1 : 0);
    }),
  );
});

test.each([
  ['1e400', '1e401', -1],
  ['-1e400', '-1e401', 1],
  ['0', '-0', 0],
  ['1e-400', '0', 1],
  ['-1e-400', '1e-401', -1],
])('%s and %s, which doubles do not hold', (a, b, order) => {
  expect(Math.sign(orderOfNumbers(a, b))).toBe(order);
});

test('code gets doubles, and the digits of what no double holds', () => {
  const value = parseExactJson('{"a":[1.10,8214565720323784705,1e21],"b":{"c":-9007199254740993},"d":1e400}');
  expect(asCodeValues(value)).toEqual({
    a: [1.1, '8214565720323784705', 1e21],
    b: { c: '-9007199254740993' },
    d: '1e400',
  });
});
