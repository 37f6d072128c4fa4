import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { didYouMean, editDistance, nearest } from '../../../lib/document/suggest.ts';

test.each([
  ['get', 'get', 0],
  ['gett', 'get', 1], // one too many
  ['gt', 'get', 1], // one too few
  ['git', 'get', 1], // one other
  ['gte', 'get', 1], // two swapped
  ['', 'get', 3],
  ['kitten', 'sitting', 3], // Levenshtein's textbook pair
  ['ca', 'abc', 3], // 2 in the unrestricted form: no letter is touched twice here
])('from %j to %j are %d edits', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

describe('the distance', () => {
  const word = fc.string({ maxLength: 8 });

  test('is symmetric, zero only between equals, and at most the longer length', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

test('suggests the nearest, if it is near', () => {
  const known = ['pause', 'post', 'put', 'patch'];
  expect(nearest('puase', known)).toBe('pause');
  expect(nearest('PUT', known)).toBe('put');
  expect(nearest('banana', known)).toBeUndefined();
  expect(nearest('x'.repeat(100), ['x'.repeat(99)])).toBeUndefined();
  expect(didYouMean('pots', known)).toBe('; did you mean post?');
  expect(didYouMean('banana', known)).toBe('');
});
