import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compareRuns, type Comparison } from '../../../../lib/analysis/compare/compare.ts';
import type { ComparedRun } from '../../../../lib/analysis/compare/comparable.ts';
import type { Shift } from '../../../../lib/analysis/compare/judge.ts';
import { estimatesOf } from '../../../../lib/analysis/compare/resample.ts';
import { comparisonHeadline } from '../../../../lib/report/comparison.ts';
import { addInterval, emptyInterval } from '../../../../lib/measure/interval.ts';
import { madeRun, madeSeconds, phaseFrom, runOfPhases } from './runs.ts';

const shiftsOf = ({ phases }: Comparison): readonly Shift[] =>
  phases.flatMap(({ subjects }) => subjects.flatMap(({ shifts }) => shifts));

const shiftOf = (comparison: Comparison, figure: string): Shift | undefined =>
  shiftsOf(comparison).find((each) => each.figure === figure);

const onScale = ({ scale, shift }: Shift): number =>
  scale === 'ratio' ? Math.log1p(shift ?? Number.NaN) : (shift ?? Number.NaN);

const MIRRORED = { better: 'worse', worse: 'better', same: 'same', differs: 'differs', unclear: 'unclear' };

const few = { numRuns: 4 };

describe('laws', () => {
  const made = fc.record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    factor: fc.double({ min: 0.8, max: 1.3, noNaN: true }),
    errorRatio: fc.constantFrom(0, 0.01, 0.2),
    seconds: fc.constantFrom(12, 24),
    rate: fc.constant(20),
  });

  test('compare(a, b) = −compare(b, a), verdicts too', () => {
    fc.assert(
      fc.property(made, made, (one, other) => {
        const [a, b] = [madeRun({ ...one, seconds: 12 }, 'a'), madeRun({ ...other, seconds: 12 }, 'b')];
        const [forth, back] = [
          { baselines: [a], runs: [b] },
          { baselines: [b], runs: [a] },
        ].map((each) => shiftsOf(compareRuns(each)));
        for (const [at, shift] of (forth ?? []).entries()) {
          const mirrored = back?.[at];
          if (mirrored === undefined) throw new Error('a figure is missing');
          expect(onScale(shift)).toBeCloseTo(-onScale(mirrored), 9);
          expect(MIRRORED[shift.verdict]).toBe(mirrored.verdict);
          expect(shift.smallest ?? -1).toBeCloseTo(mirrored.smallest ?? -1, 9);
        }
      }),
      few,
    );
  });

  test('compare(a, a) never differs', () => {
    fc.assert(
      fc.property(made, (one) => {
        const a = madeRun(one);
        const shifts = [
          ...shiftsOf(compareRuns({ baselines: [a], runs: [a], tolerance: 0 })),
          ...shiftsOf(compareRuns({ baselines: [a, a, a], runs: [a] })),
        ];
        expect(shifts.length).toBe(16);
        for (const each of shifts) {
          expect(each.shift).toBeCloseTo(0, 9);
          expect(['same', 'unclear']).toContain(each.verdict);
        }
      }),
      few,
    );
  });

  test('when both are scaled nothing changes', () => {
    fc.assert(
      fc.property(made, made, (one, other) => {
        const at = (scale: number) =>
          compareRuns({
            baselines: [madeRun({ ...one, seconds: 12, scale })],
            runs: [madeRun({ ...other, seconds: 12, scale })],
          });
        const [once, twice] = [shiftsOf(at(1)), shiftsOf(at(2))];
        for (const [nth, shift] of once.entries()) {
          expect(onScale(shift)).toBeCloseTo(onScale(twice[nth] ?? shift), 9);
          expect(shift.verdict).toBe(twice[nth]?.verdict);
        }
      }),
      few,
    );
  });

  test('two halves of every second, merged, are the whole', () => {
    fc.assert(
      fc.property(made, ({ seed }) => {
        const [left, right] = [madeSeconds({ seed, seconds: 12 }), madeSeconds({ seed: seed + 1, seconds: 12 })];
        const merged = left.map((interval, at) => {
          const sum = emptyInterval();
          for (const part of [right[at], interval]) if (part !== undefined) addInterval(sum, part);
          return sum;
        });
        const whole = left.map((interval, at) => {
          const other = right[at];
          if (other !== undefined) addInterval(interval, other);
          return interval;
        });
        expect(estimatesOf(phaseFrom(merged).whole)).toEqual(estimatesOf(phaseFrom(whole).whole));
      }),
      few,
    );
  });

  test('seconds in another order change no estimate', () => {
    const seconds = madeSeconds({ seed: 3 });
    const values = (of: typeof seconds) => estimatesOf(phaseFrom(of).whole).map(({ value }) => value);
    for (const [at, value] of values(seconds.toReversed()).entries())
      expect(value).toBeCloseTo(values(seconds)[at] ?? 0, 9);
  });
});

const fourOf = (factor: number, errorRatio = 0.01): Comparison =>
  compareRuns({
    baselines: [1, 2, 3, 4].map((seed) => madeRun({ seed })),
    runs: [5, 6, 7, 8].map((seed) => madeRun({ seed, factor, errorRatio })),
  });

describe('what is found', () => {
  test('a fifth more time is worse in every percentile, a fifth less better', () => {
    const p50 = (factor: number) => shiftOf(fourOf(factor), 'responseTime.p50');
    expect(p50(1.2)).toMatchObject({ verdict: 'worse', shift: expect.closeTo(0.2, 1) });
    expect(p50(1 / 1.2)).toMatchObject({ verdict: 'better' });
  });

  test('ten times the errors are worse, by their difference', () => {
    const found = fourOf(1, 0.1);
    expect(shiftOf(found, 'errorRatio')).toMatchObject({ verdict: 'worse', shift: expect.closeTo(0.09, 1) });
    expect(found.verdict).toBe('worse');
  });

  test('the interval agrees with the verdict, and holds the shift', () => {
    for (const { interval, shift, verdict, tolerance, scale } of shiftsOf(fourOf(1.04))) {
      const [low, high] = interval ?? [Number.NaN, Number.NaN];
      const below = scale === 'ratio' ? 1 / (1 + tolerance) - 1 : -tolerance;
      expect([low, shift, high].toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([low, shift, high]);
      expect(['worse', 'better'].includes(verdict)).toBe(low > tolerance || high < below);
      expect(verdict === 'same').toBe(low >= below && high <= tolerance);
    }
  });

  test('each step is compared beside the whole phase, and a phase’s only step is not', () => {
    const subjects = (steps: number) =>
      compareRuns({ baselines: [madeRun({ seed: 1, steps })], runs: [madeRun({ seed: 2, steps })] }).phases.flatMap(
        (each) => each.subjects.map(({ step }) => step),
      );
    expect([subjects(1), subjects(2)]).toEqual([[null], [null, 'shop / step 0', 'shop / step 1']]);
  });

  test('one pair says "differs" at the most, since its noise is not known', () => {
    const found = compareRuns({ baselines: [madeRun({ seed: 1 })], runs: [madeRun({ seed: 2, factor: 1.5 })] });
    expect([found.isNoiseKnown, found.verdict]).toEqual([false, 'differs']);
    expect(shiftsOf(found).filter(({ verdict }) => !['differs', 'unclear'].includes(verdict))).toEqual([]);
  });

  test('a percentile of few requests, and a phase of few seconds, get no verdict', () => {
    const pair = (seconds: number) =>
      compareRuns({ baselines: [madeRun({ seed: 1, seconds })], runs: [madeRun({ seed: 2, seconds, factor: 3 })] });
    expect(shiftOf(pair(8), 'responseTime.p99')?.because).toMatch(/^of 800 requests; from 1,000 on/);
    expect(shiftOf(pair(8), 'responseTime.p50')).toMatchObject({ verdict: 'unclear', because: /short/ });
  });
});

describe('what is said before any figure', () => {
  const phase = phaseFrom(madeSeconds({ seed: 1, seconds: 12 }));
  const base = runOfPhases('base', [phase]);
  const slow = phaseFrom(madeSeconds({ seed: 2, seconds: 12, factor: 2 }));
  const otherLoad = { model: 'open' as const, segments: [{ durationUs: 12e6, from: 200, to: 200 }] };
  const other = (more: Partial<ComparedRun>): ComparedRun => runOfPhases('other', [slow], more);

  test.each<[string, ComparedRun, RegExp]>([
    ['another machine', other({ machine: 'one core' }), /different machines/],
    ['another version', other({ version: '2' }), /different versions/],
    ['other requests', other({ journeys: 'pay' }), /send other requests/],
    [
      'another load',
      runOfPhases('other', [{ ...slow, load: otherLoad }]),
      /the load differs: 100 arrivals\/s, and 200/,
    ],
    ['less load than asked', runOfPhases('other', [{ ...slow, offeredPerSecond: 90 }]), /offered load differs/],
    ['a phase that was broken off', runOfPhases('other', [{ ...slow, ranSeconds: 6 }]), /ran for/],
    [
      'a void phase',
      runOfPhases('other', [{ ...slow, validity: { verdict: 'void', reasons: ['too late'] } }]),
      /is void: too late/,
    ],
    [
      'unknown validity',
      runOfPhases('other', [{ ...slow, validity: { verdict: 'unknown', reasons: [] } }]),
      /is unknown/,
    ],
  ])('%s forbids a verdict', (_, run, sentence) => {
    const found = compareRuns({ baselines: [base], runs: [run] });
    expect(found.phases.map(({ refusals }) => refusals.join())).toEqual([expect.stringMatching(sentence)]);
    expect(new Set(shiftsOf(found).map(({ verdict }) => verdict))).toEqual(new Set(['unclear']));
    expect(found.verdict).toBe('unclear');
    expect(comparisonHeadline(found)).toContain("can't be compared");
  });

  test('another target or a plan that changed elsewhere is said, and forbids nothing', () => {
    const plan = { name: 'shop', sha256: 'b' };
    const found = compareRuns({ baselines: [base], runs: [other({ target: 'http://127.0.0.1:2', plan })] });
    expect(found.remarks.join()).toMatch(/plan.s file has changed.*different targets/);
    expect(found.verdict).toBe('differs');
  });

  test('of several runs a void one is left out and said, and the others are compared as if it had not been there', () => {
    const runs = [1, 2, 3].map((seed) => madeRun({ seed, factor: 1.5 }));
    const [first] = runs;
    if (first === undefined) throw new Error('no run');
    const late = { verdict: 'void', reasons: ['too late'] } as const;
    const outlier = madeRun({ seed: 4, factor: 9 });
    const isVoid = { ...outlier, id: 'late', phases: outlier.phases.map((each) => ({ ...each, validity: late })) };
    const baselines = [11, 12, 13].map((seed) => madeRun({ seed }));
    const [found, without] = [[first, isVoid, ...runs.slice(1)], runs].map((given) =>
      compareRuns({ baselines, runs: given }),
    );
    expect(found?.phases).toEqual(without?.phases);
    expect(found?.remarks.join()).toMatch(/^Left out of \w+, since the measurement of late is void: too late\.$/);
  });

  test('a run of another plan, and runs without a common phase, are refused', () => {
    const warm = runOfPhases('warm', [{ ...slow, name: 'warm', kind: 'warm-up' }]);
    expect(() =>
      compareRuns({ baselines: [base], runs: [other({ plan: { name: 'bank', sha256: 'c' }, journeys: 'pay' })] }),
    ).toThrow(expect.objectContaining({ code: 'E-COMPARE-PLAN' }));
    expect(() => compareRuns({ baselines: [base], runs: [warm] })).toThrow(
      expect.objectContaining({ code: 'E-COMPARE-PHASES', details: ['base: steady', 'warm: warm'] }),
    );
  });
});
