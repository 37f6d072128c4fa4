import { expect, test } from '@jest/globals';
import { judge } from './judgement.ts';

const truth = { p50Us: 5000, p99Us: 900_000, p999Us: 990_000 };

test.each([
  // 2 % of 900 ms is 18 ms.
  [917_000, 1_009_000, 'right'],
  [883_000, undefined, 'right'],
  [881_000, 990_000, 'too low'],
  [900_000, 1_020_000, 'too high'],
  [700_000, 990_000, 'omits those who waited'],
  [6000, 900_000, 'omits those who waited'],
  [undefined, undefined, 'nothing of the tail'],
])('p99 %s and p99.9 %s: %s', (p99Us, p999Us, words) => {
  expect(judge({ p50Us: 5000, p99Us, p999Us }, truth).words).toBe(words);
});

test('how far it is off is a share of the truth', () => {
  expect(judge({ p50Us: 5500, p99Us: 450_000, p999Us: undefined }, truth)).toMatchObject({
    p50Off: expect.closeTo(0.1, 6),
    p99Off: expect.closeTo(-0.5, 6),
    p999Off: undefined,
  });
});
