import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Verdict } from '../../../lib/analysis/verdict.ts';
import type { Probe } from '../../../lib/analysis/capacity/probe.ts';
import type { PhaseKind } from '../../../lib/plan/phase.ts';
import { asSearch } from '../../../lib/plan/plan.ts';
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
      'a phase that was ended early leaves only recovery, void or not',
      STORY,
      [...came('pass', 'pass'), { verdict: 'void', interrupted: false, aborted: true }, ...came('pass')],
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

describe('a search for the capacity', () => {
  const search = asSearch(planWith(STORY));

  test('asks for its first phase at the lowest rate, and for each phase as the probes so far say', () => {
    const first = next({ plan: search, ...NOT_BEGUN });
    expect(first).toMatchObject({ do: 'run', number: 0, phase: { kind: 'warm-up', segments: [{ from: 10, to: 10 }] } });
    if (!('phase' in first)) throw new Error('no phase');
    const warm = probe({ purpose: 'warm-up', perSecond: 10 });
    const second = next(first.state, { phase: first.phase, verdict: 'fail', interrupted: false }, [warm]);
    expect(second).toMatchObject({ do: 'run', number: 1, phase: { name: 'probe 2: bracket' } });
  });

  test('is a function of its probes: asked twice it decides the same', () => {
    const probes = [probe({ purpose: 'warm-up', perSecond: 10 }), probe({ purpose: 'bracket', perSecond: 20 })];
    const state = { plan: search, handedOut: 2, passed: 2, stopped: false };
    expect(next(state, undefined, probes)).toEqual(next(state, undefined, probes));
  });

  test('ends where its budget is spent, and where it is interrupted', () => {
    const spent = probe({ purpose: 'warm-up', perSecond: 10, durationSeconds: 240 });
    const state = { plan: search, handedOut: 1, passed: 1, stopped: false };
    expect(next(state, undefined, [spent]).do).toBe('report');
    const phase = phaseOf({});
    expect(next(state, { phase, verdict: 'pass', interrupted: true }, []).do).toBe('stop');
  });
});

/** A probe that was carried with ease. */
const probe = (given: Pick<Probe, 'purpose' | 'perSecond'> & Partial<Probe>): Probe => ({
  durationSeconds: 3,
  seconds: [1, 2].map(() => ({ started: given.perSecond, ended: given.perSecond, ok: given.perSecond })),
  users: 0.01,
  meanUs: 1000,
  medianUs: 1000,
  objectives: [{ verdict: 'pass', seconds: [1, 2].map(() => ({ count: given.perSecond, bad: 0 })) }],
  ...given,
});
