import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { showIn } from '../../../../../lib/report/numbers.ts';
import type { SignalUnit } from '../../../../../lib/signals/signal.ts';

const script = readFileSync(new URL('../../../../../lib/report/formats/html/page.js', import.meta.url), 'utf8');
/** The script draws as it is loaded, so only its lines about numbers are evaluated. */
const aboutNumbers = /^const number = [\s\S]*?^const formats = .*$/m.exec(script)?.[0] ?? '';
const live = runInContext(`${aboutNumbers}\nformats`, createContext({})) as Record<
  SignalUnit,
  (value: number) => string
>;
const UNITS: readonly SignalUnit[] = ['us', 'ratio', 'bytes', 'perSecond', 'count'];

describe('the live page and the printed one', () => {
  test.each([
    ['us', 0, '0 µs'],
    ['us', 843.4, '843 µs'],
    ['us', 999.4, '999 µs'],
    ['us', 999.7, '1 ms'],
    ['us', 12_400, '12.4 ms'],
    ['us', 999_499, '999 ms'],
    ['us', 999_700, '1 s'],
    ['us', 5_400_000_000, '5,400 s'],
    ['ratio', 0, '0 %'],
    ['ratio', 0.000_05, '< 0.01 %'],
    ['ratio', 0.0001, '0.01 %'],
    ['ratio', 0.42, '42 %'],
    ['bytes', 0.5, '0.5 B'],
    ['bytes', 1023, '1,023 B'],
    ['bytes', 1536, '1.5 KiB'],
    ['bytes', 5 * 2 ** 40, '5 TiB'],
    ['perSecond', 1250.4, '1,250/s'],
    ['count', 0.52, '0.52'],
    ['count', -0.001, '0'],
    ['count', 41.26, '41.3'],
  ] as const)('write the same: %s %d as %s', (unit, value, words) => {
    expect(showIn(unit, value)).toBe(words);
    expect(live[unit](value)).toBe(words);
  });

  test('write the same, whatever the value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...UNITS), fc.double({ min: 0, max: 1e15, noNaN: true }), (unit, value) => {
        expect(live[unit](value)).toBe(showIn(unit, value));
      }),
    );
  });
});
