import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { query, type JsonValue } from 'jsonpath-rfc9535';
import { compileJsonPath } from '../../../loadgen/engine/json-path.ts';

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
