import { expect, test } from '@jest/globals';
import { describeAt, formatPath, quote } from '../../../lib/document/problems.ts';
import { listed } from '../../../lib/units.ts';

test.each([
  [[], ''],
  [['phases', 0, 'open', 'rate'], 'phases[0].open.rate'],
  [['headers', 'Content-Type'], 'headers.Content-Type'],
  [['expect', '$.a'], 'expect["$.a"]'],
])('%j reads %s', (path, text) => {
  expect(formatPath(path)).toBe(text);
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('%j is listed as %j', (words, text) => {
  expect(listed(words)).toBe(text);
});

test('long values are cut', () => {
  expect(quote('x'.repeat(100))).toBe(`"${'x'.repeat(59)}…`);
});

test('the caret stands under the column', () => {
  expect(describeAt('p.yaml', '\tkey: 1', { path: ['key'], text: 'no' }, { line: 12, column: 2 })).toBe(
    'p.yaml:12:2 key: no\n  12 |  key: 1\n     |  ^',
  );
});
