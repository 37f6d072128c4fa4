import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Verdict } from '../../../lib/analysis/verdict.ts';
import type { PhaseKind } from '../../../lib/plan/phase.ts';
import { next, NOT_BEGUN, type LastOutcome, type Next } from '../../../lib/run/next.ts';
import { phaseOf } from '../analysis/measured.ts';
import { planOf } from './plan.ts';

type Shape = readonly [kind: PhaseKind, stopOnFail: boolean];
type Step = readonly [what: Next['do'], phase?: number];

const planWith = (shapes: readonly Shape[]) =>
  planOf(shapes.map(([kind, stopOnFail]) => phaseOf({ kind, stopOnFail })));

type CameOut = Omit<LastOutcome, 'phase'>;

/** The whole course of a run in which each phase that is run comes out as the next of `outcomes`; phases by place in the plan. */
function courseOf(shapes: readonly Shape[], outcomes: readonly CameOut[]): Step[] {
  const plan = planWith(shapes);
  const steps: Step[] = [];
  let step = next({ plan, ...NOT_BEGUN });
  for (const outcome of outcomes) {
    if (!('phase' in step)) break;
    expect(step.number).toBe(steps.length);
    steps.push([step.do, plan.phases.indexOf(step.phase)]);
    step = next(step.state, { ...outcome, phase: step.phase });
  }
  return [...steps, 'phase' in step ? [step.do, plan.phases.indexOf(step.phase)] : [step.do]];
}

const came = (...verdicts: readonly Verdict[]): CameOut[] =>
  verdicts.map((verdict) => ({ verdict, interrupted: false }));
const interrupted = (verdict: Verdict): CameOut => ({ verdict, interrupted: true });

const STORY: readonly Shape[] = [
  ['warm-up', false],
  ['sustained', true],
  ['stress', false],
  ['recovery', false],
];

describe('the order of events', () => {
  test.each<readonly [string, readonly Shape[], readonly CameOut[], readonly Step[]]>([
    [
      'all phases, then the report',
      STORY,
      came('pass', 'pass', 'warn', 'pass'),
      [['run', 0], ['run', 1], ['run', 2], ['recover', 3], ['report']],
    ],
    [
      'a failure alone stops nothing',
      STORY,
      came('fail', 'pass', 'fail', 'fail'),
      [['run', 0], ['run', 1], ['run', 2], ['recover', 3], ['report']],
    ],
    [
      'stopOnFail leaves only recovery',
      STORY,
      came('pass', 'fail', 'pass'),
      [['run', 0], ['run', 1], ['recover', 3], ['report']],
    ],
    [
      'stopOnFail looks at failures only: void',
      STORY,
      came('pass', 'void', 'pass', 'pass'),
      [['run', 0], ['run', 1], ['run', 2], ['recover', 3], ['report']],
    ],
    [
      'stopOnFail looks at failures only: unknown',
      STORY,
      came('pass', 'unknown', 'pass', 'pass'),
      [['run', 0], ['run', 1], ['run', 2], ['recover', 3], ['report']],
    ],
    [
      'stopOnFail without recovery',
      [
        ['stress', true],
        ['stress', false],
      ],
      came('fail'),
      [['run', 0], ['report']],
    ],
    [
      'what stopped stays stopped',
      [
        ['stress', true],
        ['recovery', false],
        ['stress', false],
        ['recovery', false],
      ],
      came('fail', 'pass', 'pass'),
      [['run', 0], ['recover', 1], ['recover', 3], ['report']],
    ],
    [
      'an interrupt stops, recovery or not',
      STORY,
      [...came('pass'), interrupted('pass')],
      [['run', 0], ['run', 1], ['stop']],
    ],
    [
      'an interrupt counts more than a failure',
      STORY,
      [...came('pass'), interrupted('fail')],
      [['run', 0], ['run', 1], ['stop']],
    ],
    ['nothing to run', [], [], [['report']]],
  ])('%s', (_, shapes, outcomes, course) => {
    expect(courseOf(shapes, outcomes)).toEqual(course);
  });
});

const kinds = fc.constantFrom<PhaseKind>('warm-up', 'sustained', 'stress', 'recovery');
const shapesOf = fc.array(fc.tuple(kinds, fc.boolean()), { maxLength: 8 });
const outcomeOf = fc.record({
  verdict: fc.constantFrom<Verdict>('pass', 'warn', 'fail', 'unknown', 'void'),
  interrupted: fc.boolean(),
});
const endless = fc.array(outcomeOf, { minLength: 10, maxLength: 10 });
const ranIn = (course: readonly Step[]): number[] => course.flatMap(([, phase]) => phase ?? []);

describe('whatever comes out', () => {
  test('every phase is run at most once, in order, and the run ends', () => {
    fc.assert(
      fc.property(shapesOf, endless, (shapes, outcomes) => {
        const course = courseOf(shapes, outcomes);
        const ran = ranIn(course);
        expect(ran).toEqual([...new Set(ran)].toSorted((a, b) => a - b));
        expect(['report', 'stop']).toContain(course.at(-1)?.[0]);
      }),
    );
  });

  test('uninterrupted, phases are left out only after a stop, and then all but recovery', () => {
    fc.assert(
      fc.property(shapesOf, endless, (shapes, outcomes) => {
        const calm = outcomes.map(({ verdict }) => ({ verdict, interrupted: false }));
        const ran = ranIn(courseOf(shapes, calm));
        const stop = ran.find((phase, at) => shapes[phase]?.[1] === true && calm[at]?.verdict === 'fail');
        const expected = shapes.flatMap(([kind], at) => (at <= (stop ?? 99) || kind === 'recovery' ? [at] : []));
        expect(ran).toEqual(expected);
      }),
    );
  });

  test('after an interrupt nothing is run', () => {
    fc.assert(
      fc.property(shapesOf, endless, (shapes, outcomes) => {
        const course = courseOf(shapes, outcomes);
        const at = outcomes.findIndex((each) => each.interrupted);
        expect(at < 0 || ranIn(course).length <= at + 1).toBe(true);
      }),
    );
  });

  test('it depends on its arguments alone, and leaves them as they are', () => {
    fc.assert(
      fc.property(shapesOf, outcomeOf, (shapes, outcome) => {
        const state = { plan: planWith(shapes), ...NOT_BEGUN };
        const last = { ...outcome, phase: phaseOf({ stopOnFail: true }) };
        const copy = structuredClone(state);
        expect(next(state, last)).toEqual(next(copy, last));
        expect(state).toEqual(copy);
      }),
    );
  });
});
