import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  bytesOfText,
  headerText,
  percentEncodedBytes,
  urlText,
  withoutEscapes,
} from '../../../loadgen/senders/header-text.ts';

const latin1 = (...bytes: readonly number[]): string => Buffer.from(bytes).toString('latin1');

test('law: every value goes back with the bytes with which it came', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const came = Buffer.from(bytes);
      expect(bytesOfText(headerText(came.toString('latin1')))).toEqual(came);
    }),
    { numRuns: 500 },
  );
});

test('law: a text goes out as UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(bytesOfText(text)).toEqual(Buffer.from(text, 'utf8'));
      expect(percentEncodedBytes(text)).toBe(encodeURIComponent(text));
    }),
    { numRuns: 200 },
  );
});

/** The bytes, and how they read as text, in JSON, in a query and in an address. */
test.each([
  ['ASCII', latin1(0x5a, 0x6f), 'Zo', 'Zo', 'Zo', 'Zo'],
  ['UTF-8', latin1(0x5a, 0xc3, 0xab), 'Zë', 'Zë', 'Z%C3%AB', 'Zë'],
  ['Latin-1', latin1(0x5a, 0xeb), 'Z\udceb', 'Zë', 'Z%EB', 'Z%EB'],
  ['a piece of UTF-8', latin1(0xe2, 0x82, 0x2f), '\udce2\udc82/', 'â\x82/', '%E2%82%2F', '%E2%82/'],
])('%s', (_, value, text, plain, encoded, inAddress) => {
  expect(headerText(value)).toBe(text);
  expect([withoutEscapes(text), percentEncodedBytes(text), urlText(text)]).toEqual([plain, encoded, inAddress]);
});

test('a lone surrogate of JSON, which stands for no byte, is replaced and throws nothing', () => {
  expect(percentEncodedBytes('a\ud800b')).toBe('a%EF%BF%BDb');
  expect(bytesOfText('\ud800')).toEqual(Buffer.from('\ufffd'));
});
