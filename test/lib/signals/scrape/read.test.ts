import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { always, firstOf, gauge, plus, rate, ratio, times } from '../../../../lib/signals/scrape/read.ts';
import type { Reading, Scrape } from '../../../../lib/signals/signal.ts';

const scrape = (atMs: number, values: Readonly<Record<string, number>>): Scrape => ({
  atMs,
  values: new Map(Object.entries(values)),
});

const nothing = scrape(0, {});
const missing: Reading = () => undefined;

describe('a gauge', () => {
  const now = scrape(1000, {
    plain: 7,
    'pool{state="active"}': 3,
    'pool{state="idle"}': 2,
    'pool{db="b",state="active"}': 4,
    'pool{other_state="active"}': 100,
    'pool{text=",state=\\"active\\""}': 1000,
    pooling: 5000,
  });

  test.each<readonly [string, Reading, number | undefined]>([
    ['stands as it is', gauge('plain'), 7],
    ['is the sum of its series', gauge('pool'), 1109], // 3 + 2 + 4 + 100 + 1,000
    [
      'is the sum of those with the label, and of no label that only ends like it',
      gauge('pool', { state: 'active' }),
      7,
    ],
    ['needs every label', gauge('pool', { state: 'active', db: 'b' }), 4],
    ['is undefined without a series', gauge('none'), undefined],
    ['is undefined without a series of that label', gauge('pool', { state: 'lost' }), undefined],
  ])('%s', (_, reading, value) => {
    expect(reading(now, nothing)).toBe(value);
  });
});

describe('a rate', () => {
  const between = (from: number | undefined, to: number | undefined, ms = 1000): number | undefined =>
    rate('c')(
      scrape(5000 + ms, to === undefined ? {} : { c: to }),
      scrape(5000, from === undefined ? {} : { c: from }),
    );

  test.each([
    ['growth in a second', 10, 15, 1000, 5],
    ['growth in half a second, doubled', 10, 15, 500, 10],
    ['growth in four seconds, quartered', 10, 18, 4000, 2],
    ['none', 10, 10, 1000, 0],
    ['after a restart is undefined', 10, 3, 1000, undefined],
    ['in no time is undefined', 10, 15, 0, undefined],
    ['backwards in time is undefined', 10, 15, -1000, undefined],
    ['after a gap is undefined: all it ever counted is no growth', undefined, 1_000_000, 1000, undefined],
    ['without a reading now is undefined', 10, undefined, 1000, undefined],
  ])('%s', (...[, from, to, ms, expected]) => {
    expect(between(from, to, ms)).toBe(expected);
  });

  test('is of the sum, so that a series that appears adds its own', () => {
    const before = scrape(0, { 'c{o="ok"}': 4 });
    expect(rate('c')(scrape(1000, { 'c{o="ok"}': 5, 'c{o="failed"}': 2 }), before)).toBe(3);
  });

  test('is never negative, and over any time adds up to the growth', () => {
    const growths = fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 5000 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(growths, (steps) => {
        let [atMs, count, sum] = [0, 0, 0];
        for (const [growth, ms] of steps) {
          const perSecond = rate('c')(scrape(atMs + ms, { c: count + growth }), scrape(atMs, { c: count })) ?? -1;
          expect(perSecond).toBeGreaterThanOrEqual(0);
          sum += (perSecond * ms) / 1000;
          [atMs, count] = [atMs + ms, count + growth];
        }
        expect(sum).toBeCloseTo(count, 6);
      }),
    );
  });
});

describe('a ratio', () => {
  test.each([
    [1, 4, 0.25],
    [0, 4, 0],
    [4, 4, 1],
    [1, 0, undefined], // no traffic has no ratio
    [0, 0, undefined],
  ])('%d of %d is %p', (part, whole, expected) => {
    expect(ratio(always(part), always(whole))(nothing, nothing)).toBe(expected);
  });

  test('is undefined where either is', () => {
    expect(ratio(missing, always(1))(nothing, nothing)).toBeUndefined();
    expect(ratio(always(1), missing)(nothing, nothing)).toBeUndefined();
  });
});

test.each<readonly [string, Reading, number | undefined]>([
  ['a sum', plus(always(1), always(2), always(3)), 6],
  ['a sum with one missing', plus(always(1), missing, always(3)), undefined],
  ['a multiple', times(1e6, always(0.25)), 250_000],
  ['a multiple of nothing', times(1e6, missing), undefined],
  ['the first there is', firstOf(missing, always(2), always(3)), 2],
  ['the first there is, be it 0', firstOf(always(0), always(3)), 0],
  ['the first of none', firstOf(missing, missing), undefined],
])('%s', (_, reading, value) => {
  expect(reading(nothing, nothing)).toBe(value);
});
