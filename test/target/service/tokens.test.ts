import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createTokens } from '../../../target/service/tokens.ts';

const tokens = createTokens('secret');
const actor = { userId: 42, role: 'trade' } as const;
const twelveHoursMs = 12 * 3600 * 1000;

test('a token names its actor for twelve hours', () => {
  const token = tokens.issue(actor, 0);
  expect(tokens.verify(token, twelveHoursMs - 1)).toEqual(actor);
  expect(tokens.verify(token, twelveHoursMs)).toBeUndefined();
});

test('a token with any one character changed names nobody', () => {
  const token = tokens.issue(actor, 0);
  const character = fc.constantFrom('a', 'z', 'A', 'Z', '0', '9', '-', '_', '.');
  fc.assert(
    fc.property(fc.nat(token.length - 2), character, (at, other) => {
      // The last character of base64url carries two unused bits, so it is left alone.
      fc.pre(token[at] !== other);
      expect(tokens.verify(token.slice(0, at) + other + token.slice(at + 1), 0)).toBeUndefined();
    }),
  );
});

test('a token of another secret, or any text, names nobody', () => {
  expect(tokens.verify(createTokens('other').issue(actor, 0), 0)).toBeUndefined();
  fc.assert(fc.property(fc.string(), (text) => expect(tokens.verify(text, 0)).toBeUndefined()));
});
