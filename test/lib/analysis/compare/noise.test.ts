import { describe, expect, test } from '@jest/globals';
import { compareRuns, type Comparison } from '../../../../lib/analysis/compare/compare.ts';
import type { ComparedRun, ComparedSearch } from '../../../../lib/analysis/compare/comparable.ts';
import { repeatsOf } from '../../../../lib/analysis/compare/repeats.ts';
import { comparisonHeadline, comparisonSections } from '../../../../lib/report/comparison.ts';
import { sectionsText } from '../../../../lib/report/formats/text.ts';
import { repeatsHeadline, repeatsSections } from '../../../../lib/report/repeats.ts';
import { madeRun, madeSeconds, phaseFrom, runOfPhases } from './runs.ts';

const repeats = (seeds: readonly number[], factor = 1): ComparedRun[] => seeds.map((seed) => madeRun({ seed, factor }));

const wordOf = ({ phases }: Comparison, figure: string): string | undefined =>
  phases[0]?.subjects[0]?.shifts.find((shift) => shift.figure === figure)?.verdict;

const textOf = (found: Comparison): string =>
  sectionsText(comparisonHeadline(found), comparisonSections(found)).replaceAll(/\s+/g, ' ');

describe('runs of one build show the noise', () => {
  const pair = { baselines: repeats([1]), runs: repeats([2], 1.5) };

  test('a pair has a verdict with three of them, and none with two', () => {
    const [two, three] = [
      [3, 4],
      [3, 4, 5],
    ].map((seeds) => compareRuns({ ...pair, noise: repeats(seeds) }));
    expect([two?.isNoiseKnown, two?.verdict]).toEqual([false, 'differs']);
    expect([three?.isNoiseKnown, three && wordOf(three, 'responseTime.p50')]).toEqual([true, 'worse']);
    expect(three?.noise).toEqual(['run 3', 'run 4', 'run 5']);
  });

  test('where they differ as much as the pair does, nothing is said', () => {
    const noise = [0.7, 1, 1.4].flatMap((factor, at) => repeats([3 + at], factor));
    expect(wordOf(compareRuns({ ...pair, noise }), 'responseTime.p50')).toBe('unclear');
  });

  test('they change no shift, whichever level they have', () => {
    const shifts = [1, 3].map((factor) =>
      compareRuns({ ...pair, noise: repeats([3, 4, 5], factor) }).phases[0]?.subjects[0]?.shifts.map(
        ({ shift }) => shift,
      ),
    );
    expect(shifts[0]).toEqual(shifts[1]);
  });

  test('those of another machine forbid a verdict', () => {
    const noise = repeats([3, 4, 5]).map((run) => ({ ...run, machine: 'a phone' }));
    const found = compareRuns({ ...pair, noise });
    expect(found.phases[0]?.refusals.join()).toMatch(/different machines/);
    expect(wordOf(found, 'responseTime.p50')).toBe('unclear');
  });
});

describe('repeats', () => {
  const found = repeatsOf(
    [0.9, 1, 1.1].map((factor, at) => ({
      run: madeRun({ seed: at + 1, factor }),
      verdict: at === 1 ? ('fail' as const) : ('pass' as const),
    })),
  );
  const p50 = found.phases[0]?.subjects[0]?.figures.find(({ figure }) => figure === 'responseTime.p50');

  // Logarithms of 0.9, 1 and 1.1: mean −0.003, standard deviation 0.1. Student's t with two degrees is 4.303 at 95 %.
  test('have the mean of logarithms, its interval, and their spread', () => {
    expect((p50?.mean ?? 0) / 30_000).toBeCloseTo(0.997, 1);
    expect(p50?.spread).toBeCloseTo(0.106, 1);
    const [low = 0, high = 0] = p50?.interval ?? [];
    expect([low, high].map((end) => Math.abs(Math.log(end / (p50?.mean ?? 1))))).toEqual([
      expect.closeTo((4.303 * Math.log1p(p50?.spread ?? 0)) / Math.sqrt(3), 3),
      expect.closeTo((4.303 * Math.log1p(p50?.spread ?? 0)) / Math.sqrt(3), 3),
    ]);
    expect(p50?.values.length).toBe(3);
  });

  test('have the gravest verdict, and are read', () => {
    expect([found.verdict, repeatsHeadline(found)]).toEqual([
      'fail',
      '3 runs of one plan: fail as the gravest of pass, fail, pass.',
    ]);
    const alike = (verdict: 'pass' | 'fail') =>
      repeatsHeadline({ ...found, verdict, runs: found.runs.map((run) => ({ ...run, verdict })) });
    expect([alike('pass'), alike('fail')]).toEqual([
      '3 runs of one plan: all passed.',
      '3 runs of one plan: all failed.',
    ]);
    expect(sectionsText('', repeatsSections(found))).toMatch(/resp\. p50 +all steps +[\d.]+ ms +.+ ± \d+ %/);
  });
});

describe('searches', () => {
  const searched = (perSecond: number, more: Partial<ComparedSearch> = {}): ComparedRun =>
    runOfPhases(`search of ${perSecond}`, [], {
      search: { perSecond, interval: [perSecond * 0.97, perSecond * 1.03], confidence: 0.95, asked: 'p99', ...more },
    });

  test('a pair is shown with the interval of its shift, and differs at the most', () => {
    const found = compareRuns({ baselines: [searched(100)], runs: [searched(70)] });
    const [shift] = found.phases[0]?.subjects[0]?.shifts ?? [];
    expect(shift).toMatchObject({ figure: 'capacity', baseline: expect.closeTo(100, 6), verdict: 'differs' });
    expect(shift?.shift).toBeCloseTo(-0.3, 9);
    expect(textOf(found)).toContain('capacity');
  });

  test('two and two have a verdict, and less is worse', () => {
    const found = compareRuns({
      baselines: [searched(100), searched(101), searched(99)],
      runs: [searched(70), searched(71), searched(69)],
    });
    expect(found.verdict).toBe('worse');
  });

  test.each([
    ['of other objectives', searched(70, { asked: 'p50' }), /other objectives/],
    ['without an answer', searched(Number.NaN), /^$/],
  ])('%s have none', (_, run, refusal) => {
    const found = compareRuns({ baselines: [searched(100), searched(101), searched(99)], runs: [run] });
    expect(found.phases[0]?.refusals.join()).toMatch(refusal);
    expect(found.phases[0]?.subjects[0]?.shifts.map(({ verdict }) => verdict)).toEqual(['unclear']);
  });

  test('that have found none are named, and show no shift that could have been seen', () => {
    const found = compareRuns({ baselines: [searched(100)], runs: [searched(Number.NaN)] });
    expect(found.remarks).toEqual(['The search of search of NaN has found no capacity.']);
    expect(found.phases[0]?.subjects[0]?.shifts).toMatchObject([{ smallest: null, shift: null, interval: null }]);
  });

  test('and phases have nothing in common', () => {
    expect(() => compareRuns({ baselines: [searched(100)], runs: [madeRun({ seed: 1 })] })).toThrow(
      expect.objectContaining({ code: 'E-COMPARE-PHASES', details: ['search of 100: a search', 'run 1: steady'] }),
    );
  });
});

describe('a load that climbs', () => {
  /** 40 s from 0 to 400 arrivals a second; in the later half times are by `late` longer. */
  const climb = (seed: number, late: number): ComparedRun => {
    const seconds = [
      ...madeSeconds({ seed, seconds: 20 }),
      ...madeSeconds({ seed: seed + 50, seconds: 20, factor: late }),
    ];
    const load = { model: 'open' as const, segments: [{ durationUs: 40e6, from: 0, to: 400 }] };
    return runOfPhases(`climb ${seed}`, [phaseFrom(seconds, { load })]);
  };
  const trendsOf = (late: number) =>
    compareRuns({ baselines: [climb(1, 1)], runs: [climb(2, late)] }).phases[0]?.trends ?? [];

  test('says from which load on a figure has shifted, and how sure that is', () => {
    const found = trendsOf(1.3).find(({ figure }) => figure === 'responseTime.p50');
    const [low = 0, high = 0] = found?.interval ?? [];
    expect(found?.fromLevel).toBeGreaterThan(190);
    expect(found?.fromLevel).toBeLessThan(320);
    expect(found?.shift).toBeCloseTo(0.3, 1);
    expect([low < 0.3, high > 0.25, Math.abs(found?.below ?? 1) < 0.1]).toEqual([true, true, true]);
    expect(textOf(compareRuns({ baselines: [climb(1, 1)], runs: [climb(2, 1.3)] }))).toMatch(
      /p50 of response time in steady \+\d+ % from \d+ arrivals\/s on, \+\d+ … \+\d+ %; [+−]?[\d.]+ % below/,
    );
  });

  test('says nothing where nothing has changed, or all of it, or the load is one', () => {
    const all = compareRuns({ baselines: [climb(1, 1)], runs: [madeClimb(1.3)] });
    expect([trendsOf(1).filter(({ figure }) => figure.endsWith('p50')), all.phases[0]?.trends]).toEqual([[], []]);
    expect(compareRuns({ baselines: repeats([1]), runs: repeats([2], 1.5) }).phases[0]?.trends).toEqual([]);
  });

  function madeClimb(factor: number): ComparedRun {
    const load = { model: 'open' as const, segments: [{ durationUs: 40e6, from: 0, to: 400 }] };
    return runOfPhases('all', [phaseFrom(madeSeconds({ seed: 9, seconds: 40, factor }), { load })]);
  }
});

test('signals are shown with what they were in each run, and have no verdict', () => {
  const withCpu = (seed: number, mean: number): ComparedRun =>
    runOfPhases(`run ${seed}`, [
      phaseFrom(madeSeconds({ seed, seconds: 12 }), {
        signals: new Map([['service.cpu', { title: 'CPU of the service', unit: 'ratio' as const, mean }]]),
      }),
    ]);
  const found = compareRuns({ baselines: [withCpu(1, 0.2), withCpu(2, 0.4)], runs: [withCpu(3, 0.6)] });
  expect(found.phases[0]?.signals).toEqual([
    {
      signal: 'service.cpu',
      title: 'CPU of the service',
      unit: 'ratio',
      baseline: { mean: expect.closeTo(0.3, 9), least: 0.2, greatest: 0.4 },
      run: { mean: 0.6, least: 0.6, greatest: 0.6 },
    },
  ]);
  expect(textOf(found)).toMatch(/CPU of the service.*30 % \(20 % … 40 %\).*60 %.*\+100 %/);
});
