import { describe, expect, test } from '@jest/globals';
import { compareRuns, type Comparison } from '../../../../lib/analysis/compare/compare.ts';
import type { ComparedRun } from '../../../../lib/analysis/compare/comparable.ts';
import type { Shift } from '../../../../lib/analysis/compare/judge.ts';
import { usdPerHourOf } from '../../../../lib/plan/steps/system-cost.ts';
import { comparisonSections } from '../../../../lib/report/comparison.ts';
import { sectionsMarkdown } from '../../../../lib/report/formats/markdown.ts';
import { madeSeconds, phaseFrom, runOfPhases } from './runs.ts';

/** 100 requests a second, none of which fails: 360,000 an hour. */
const steady = (id: string, usdPerHour?: number): ComparedRun =>
  runOfPhases(id, [
    phaseFrom(madeSeconds({ seed: 1, errorRatio: 0, steps: 2 }), { ...(usdPerHour !== undefined && { usdPerHour }) }),
  ]);

const searched = (perSecond: number, usdPerHour?: number): ComparedRun =>
  runOfPhases(`search of ${perSecond}`, [], {
    search: {
      perSecond,
      interval: [perSecond * 0.97, perSecond * 1.03],
      confidence: 0.95,
      asked: 'p99',
      ...(usdPerHour !== undefined && { usdPerHour }),
    },
  });

const costsOf = ({ phases }: Comparison): readonly Shift[] =>
  phases.flatMap(({ subjects }) =>
    subjects.flatMap(({ shifts }) => shifts.filter((each) => each.figure === 'costPerMillion')),
  );

describe('the cost of a million requests', () => {
  test('is the price of an hour over the requests of an hour, of the phase and of no step', () => {
    const found = compareRuns({ baselines: [steady('a', 0.36)], runs: [steady('b', 0.72)] });
    // 0.36 USD / 360,000 requests × 1,000,000 = 1 USD; twice the price is twice that.
    expect(costsOf(found)).toEqual([
      expect.objectContaining({
        baseline: expect.closeTo(1, 9),
        run: expect.closeTo(2, 9),
        shift: expect.closeTo(1, 9),
      }),
    ]);
    expect(sectionsMarkdown('', comparisonSections(found))).toMatch(/cost of a million requests.*\$1 \|.*\$2 \|/);
  });

  test('is worse where a search finds less at the same price, and the same where price and capacity rise alike', () => {
    const of = (perSecond: number, usd: number) => [0.99, 1, 1.01].map((each) => searched(perSecond * each, usd));
    const verdictOf = (runs: readonly ComparedRun[]) =>
      costsOf(compareRuns({ baselines: of(100, 1), runs, tolerance: 0.1 })).map(({ verdict }) => verdict);
    expect(verdictOf(of(70, 1))).toEqual(['worse']);
    expect(verdictOf(of(150, 1))).toEqual(['better']);
    expect(verdictOf(of(150, 1.5))).toEqual(['same']);
  });

  test.each([
    ['no run has a price', steady('a'), steady('b')],
    ['one has none', steady('a', 1), steady('b')],
    ['one search has none', searched(100, 1), searched(90)],
  ])('is not there where %s', (_, baseline, run) => {
    const found = compareRuns({ baselines: [baseline], runs: [run] });
    expect(found.phases).toHaveLength(1);
    expect(costsOf(found)).toEqual([]);
  });
});

test.each([
  [undefined, 3, undefined],
  [{ usdPerHour: 0.5 }, undefined, 0.5],
  [{ usdPerTaskHour: 0.1 }, 3, 0.1 * 3],
  [{ usdPerHour: 0.5, usdPerTaskHour: 0.1 }, 3, 0.5 + 0.1 * 3],
  [{ usdPerHour: 0.5, usdPerTaskHour: 0.1 }, undefined, undefined],
])('%j with %s tasks is %s USD an hour', (cost, tasks, usd) => {
  expect(usdPerHourOf(cost, tasks)).toBe(usd);
});
