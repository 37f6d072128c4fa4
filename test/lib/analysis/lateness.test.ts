import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { latenessOf, leastWithoutLateness } from '../../../lib/analysis/lateness.ts';
import { judgePhase } from '../../../lib/analysis/phase.ts';
import { emptyHistogram, record, type Histogram } from '../../../lib/measure/histogram.ts';
import { planOf } from '../run/plan.ts';
import { outcomeOf, times, type Second } from './measured.ts';

const histogramOf = (values: readonly number[]): Histogram => {
  const histogram = emptyHistogram();
  for (const value of values) record(histogram, value);
  return histogram;
};

/** Nearest rank. */
const percentileOf = (values: readonly number[], percentile: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil((percentile * values.length) / 100)) - 1] ?? Number.NaN;

const us = fc.integer({ min: 1, max: 200_000 });

test('law: a percentile without the lateness is never below the bound, however late and slow fall together', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(us, us, us), { minLength: 1, maxLength: 300 }),
      fc.constantFrom(50, 90, 95, 99, 99.9, 100),
      (requests, percentile) => {
        const measured = histogramOf(requests.map(([own, delay, stall]) => own + delay + stall));
        const lateness = [
          histogramOf(requests.map(([, delay]) => delay)),
          histogramOf(requests.map(([, , stall]) => stall)),
        ];
        const without = percentileOf(
          requests.map(([own]) => own),
          percentile,
        );
        // Each of three histograms holds a thousandth.
        expect(leastWithoutLateness({ times: measured, lateness }, percentile)).toBeLessThanOrEqual(
          without + 0.003 * 600_000,
        );
      },
    ),
  );
});

test('where nothing was late the bound is the figure itself', () => {
  const times100 = histogramOf(Array.from({ length: 100 }, (_, at) => 1000 * (at + 1)));
  for (const percentile of [50, 99, 100])
    expect(leastWithoutLateness({ times: times100, lateness: [emptyHistogram()] }, percentile)).toBe(
      times100.getValueAtPercentile(percentile),
    );
});

const FAST: Second = { ok: 1, startDelayUs: 100 };
const late = (ms: number): Second => ({ ok: 1, startDelayUs: ms * 1000 });
const slow = (ms: number): Second => ({ ok: 1, startDelayUs: 100, responseUs: ms * 1000 });

/** So many requests, of which the last are as given. */
const of = (count: number, last: number, second: Second): Second[] => [
  ...times(count - last, FAST),
  ...times(last, second),
];

describe('a figure that lateness moved', () => {
  test.each<readonly [string, readonly Second[], 'void' | 'doubt' | 'nothing']>([
    // Two in a hundred are beyond the p99. A tail may be off by 50 ms, a median by 10; less than 10 is not worth saying.
    ['2 % by 9 ms', of(1000, 20, late(9)), 'nothing'],
    ['2 % by 11 ms', of(1000, 20, late(11)), 'doubt'],
    ['2 % by 49 ms', of(1000, 20, late(49)), 'doubt'],
    ['2 % by 52 ms', of(1000, 20, late(52)), 'void'],
    ['60 % by 11 ms', of(1000, 600, late(11)), 'void'],
    ['0.5 % by 900 ms', of(1000, 5, late(900)), 'nothing'],
    // Beyond the figure that counts are three requests at least: of twenty it is the p85, of a hundred the p97.
    ['one of twenty by 90 ms', of(20, 1, late(90)), 'doubt'],
    ['three of twenty by 90 ms', of(20, 3, late(90)), 'doubt'],
    ['four of twenty by 90 ms', of(20, 4, late(90)), 'void'],
    ['three of a hundred by 90 ms', of(100, 3, late(90)), 'doubt'],
    ['four of a hundred by 90 ms', of(100, 4, late(90)), 'void'],
    // A fifth of the figure may be lateness: 90 of 500 ms.
    [
      '2 % by 90 ms, which are slow by themselves',
      of(1000, 20, { ok: 1, startDelayUs: 90_000, responseUs: 500_000 }),
      'nothing',
    ],
    ['2 % slow by themselves', of(1000, 20, slow(500)), 'nothing'],
  ])('%s', (_, seconds, expected) => {
    const { reasons, doubts } = latenessOf(outcomeOf({}, seconds));
    expect(reasons.length > 0 ? 'void' : doubts.length > 0 ? 'doubt' : 'nothing').toBe(expected);
  });
});

describe('a verdict that lateness may have changed', () => {
  const verdictOf = (objectives: readonly string[], seconds: readonly Second[]) => {
    const outcome = outcomeOf({ objectives }, seconds);
    return judgePhase(planOf([outcome.phase]), outcome, { fromSeconds: 0, toSeconds: 10, signals: [] });
  };

  test.each<readonly [string, readonly string[], readonly Second[], string]>([
    // Lateness makes nothing faster, so a pass is one without it too.
    ['passes with it', ['p99 < 500ms'], of(100, 3, late(40)), 'pass'],
    ['fails by it alone', ['p99 < 20ms'], of(100, 3, late(40)), 'void'],
    ['warns by it alone', ['p99 < 20ms, fail > 1s'], of(100, 3, late(40)), 'void'],
    ['fails without it too', ['p99 < 20ms'], of(100, 3, { ok: 1, startDelayUs: 40_000, responseUs: 90_000 }), 'fail'],
    ['fails at its largest by one late start', ['max < 20ms'], of(100, 1, late(40)), 'void'],
    ['fails on average without it too', ['mean < 0.5ms'], of(100, 1, late(11)), 'fail'],
    ['fails on average by it alone', ['mean < 1.1ms'], of(100, 1, late(40)), 'void'],
    ['fails in service time, where no start delay stands', ['service p99 < 20ms'], of(100, 3, slow(40)), 'fail'],
  ])('%s', (_, objectives, seconds, verdict) => {
    expect(verdictOf(objectives, seconds).verdict).toBe(verdict);
  });

  test('the reason says how much of the figure it is', () => {
    expect(verdictOf(['p99 < 20ms'], of(100, 3, late(40))).validity.reasons).toEqual([
      expect.stringMatching(/^"p99 < 20ms" was 41 ms, of which up to 40(\.\d)? ms are the generator's own lateness/),
    ]);
  });
});
