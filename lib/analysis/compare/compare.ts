import { PlimsollError } from '../../errors.ts';
import { phasesThatCount } from '../verdict.ts';
import {
  hasOnlyFinished,
  isImportedRun,
  phaseReservations,
  runReservations,
  validityRefusals,
  type ComparedPhase,
  type ComparedRun,
  type Reservations,
} from './comparable.ts';
import { comparedFigures } from './figures.ts';
import { judgeShifts, type Shift, type ShiftVerdict } from './judge.ts';
import { estimatesOf } from './resample.ts';
import type { SlicedTime } from './slices.ts';
import { differenceOf, RUNS_FOR_NOISE, type Difference } from './shift.ts';

export const COMPARISON_FORMAT = 'plimsoll.comparison.v1';

/** A phase, or one of its steps (`checkout / pay`). */
export interface ComparedSubject {
  readonly step: string | null;
  readonly shifts: readonly Shift[];
}

/** `refusals` say why no figure of the phase has a verdict; none where nothing speaks against one. */
export interface PhaseComparison {
  readonly phase: string;
  readonly refusals: readonly string[];
  readonly subjects: readonly ComparedSubject[];
}

/** What has shifted from the baselines to the runs; plain JSON. */
export interface Comparison {
  readonly format: typeof COMPARISON_FORMAT;
  readonly baselines: readonly string[];
  readonly runs: readonly string[];
  readonly verdict: ShiftVerdict;
  /** Whether there are runs enough to know how much two runs of one build differ. */
  readonly isNoiseKnown: boolean;
  /** Whole sentences, to be read before any figure. */
  readonly remarks: readonly string[];
  readonly phases: readonly PhaseComparison[];
}

/** Both sides of a comparison; the first baseline is what all others are held against when it is asked what differs. */
export interface Compared {
  readonly baselines: readonly ComparedRun[];
  readonly runs: readonly ComparedRun[];
  /** Instead of the figures' own, of those that shift by a share: `0.05`. */
  readonly tolerance?: number;
}

/**
 * Compares runs with baselines, phase by phase and step by step; warm-up is left out.
 * @throws PlimsollError E-COMPARE-PLAN, E-COMPARE-PHASES where they have nothing in common
 */
export function compareRuns({ baselines, runs, tolerance }: Compared): Comparison {
  const all = [...baselines, ...runs];
  const [first, ...others] = all;
  if (first === undefined || runs.length === 0) throw new RangeError('a comparison is of two runs at the least');
  for (const other of others) refuseOtherPlan(first, other);
  const reserved = others.map((other) => runReservations(first, other));
  const refusals = reserved.flatMap((each) => each.refusals);
  const phases = commonPhases(all).map((phase) => matchedPhase(phase, refusals, { all, baselines: baselines.length }));
  const isNoiseKnown = all.length >= RUNS_FOR_NOISE;
  const shifts = judgeShifts(
    phases.flatMap((phase) => phase.subjects.flatMap(({ differences }) => differences)),
    {
      isNoiseKnown,
      refused: new Set(
        phases.flatMap(({ refusals: own, subjects }) =>
          own.length === 0 ? [] : subjects.flatMap(({ differences }) => differences),
        ),
      ),
      ...(tolerance !== undefined && { tolerance }),
    },
  );
  return {
    format: COMPARISON_FORMAT,
    baselines: baselines.map(({ id }) => id),
    runs: runs.map(({ id }) => id),
    verdict: verdictOfAll([...shifts.values()]),
    isNoiseKnown,
    remarks: unique([...reserved.flatMap((each) => each.remarks), ...phases.flatMap((each) => each.remarks)]),
    phases: phases.map(({ phase, refusals: own, subjects }) => ({
      phase,
      refusals: own,
      subjects: subjects.map(({ step, differences }) => ({
        step,
        shifts: differences.flatMap((each) => shifts.get(each) ?? []),
      })),
    })),
  };
}

const unique = (sentences: readonly string[]): readonly string[] => [...new Set(sentences)];

function refuseOtherPlan(a: ComparedRun, b: ComparedRun): void {
  if (isImportedRun(a) || isImportedRun(b)) return;
  if (a.plan.name === b.plan.name || a.journeys === b.journeys) return;
  throw new PlimsollError(
    'E-COMPARE-PLAN',
    `${a.id} is a run of the plan ${a.plan.name}, and ${b.id} of ${b.plan.name}, which sends other requests.`,
  );
}

type Same<T> = readonly [T, ...T[]];

/** Phases that every run has, by name, or by kind where tools have no names for them; of several with one name the first with the first, and so on. */
function commonPhases(all: readonly ComparedRun[]): readonly Same<ComparedPhase>[] {
  const named = all.map(({ phases }) => {
    const seen = new Map<string, number>();
    return phasesThatCount(phases).map((phase) => {
      const name = phase.imported === undefined ? phase.name : phase.kind;
      seen.set(name, (seen.get(name) ?? 0) + 1);
      return [`${name} ${seen.get(name)}`, phase] as [string, ComparedPhase];
    });
  });
  const [first = new Map<string, ComparedPhase>(), ...others] = named.map((each) => new Map(each));
  const common = [...first].flatMap(([key, phase]): Same<ComparedPhase>[] => {
    const rest = others.flatMap((each) => each.get(key) ?? []);
    return rest.length === others.length ? [[phase, ...rest]] : [];
  });
  if (common.length > 0) return common;
  const lists = all.map(({ id, phases }) => `${id}: ${phases.map(({ name }) => name).join(', ') || 'none'}`);
  throw new PlimsollError(
    'E-COMPARE-PHASES',
    'The runs have no phase in common that counts (warm-up does not).',
    lists,
  );
}

interface MatchedPhase extends Reservations {
  readonly phase: string;
  readonly subjects: readonly { readonly step: string | null; readonly differences: readonly Difference[] }[];
}

interface Sides {
  /** Of each matched phase. */
  readonly all: readonly ComparedRun[];
  /** How many of the matched phases are of baselines. */
  readonly baselines: number;
}

function matchedPhase(
  matched: Same<ComparedPhase>,
  ofRuns: readonly string[],
  { all, baselines }: Sides,
): MatchedPhase {
  const [own, ...others] = matched;
  const reserved = others.map((other) => phaseReservations(own, other));
  const invalid = all.flatMap((run, at) => validityRefusals(run, matched[at] ?? own));
  const resolution = own.imported?.times.stepUs ?? 1;
  const known = matched.some((phase) => hasOnlyFinished(phase)) ? [] : subjectsOf(matched);
  const subjects = known.map(({ step, series }) => {
    const estimates = series.map((each) => estimatesOf(each));
    const differences = comparedFigures.flatMap((figure, at) => {
      const each = estimates.flatMap((one) => one[at] ?? []);
      if (each.every(({ value }) => Number.isNaN(value))) return [];
      return differenceOf(figure, each.slice(0, baselines), each.slice(baselines), resolution);
    });
    return { step, differences };
  });
  return {
    phase: own.name,
    refusals: unique([...ofRuns, ...invalid, ...reserved.flatMap((each) => each.refusals)]),
    remarks: reserved.flatMap((each) => each.remarks),
    subjects,
  };
}

/** The whole phase, and each step that every run has; a phase's only step is the phase again. */
function subjectsOf(matched: Same<ComparedPhase>): readonly { step: string | null; series: readonly SlicedTime[] }[] {
  const whole = { step: null, series: matched.map((phase) => phase.whole) };
  const steps = [...matched[0].steps.keys()].flatMap((step) => {
    const series = matched.flatMap((phase) => phase.steps.get(step) ?? []);
    return series.length === matched.length ? [{ step, series }] : [];
  });
  return steps.length < 2 ? [whole] : [whole, ...steps];
}

const GRAVEST_FIRST: readonly ShiftVerdict[] = ['worse', 'differs', 'better', 'unclear'];

/** The gravest of those that were judged; `same` where nothing else was found. */
function verdictOfAll(shifts: readonly Shift[]): ShiftVerdict {
  const judged = shifts.filter(({ because }) => because === undefined);
  if (judged.length === 0) return 'unclear';
  return GRAVEST_FIRST.find((verdict) => judged.some((each) => each.verdict === verdict)) ?? 'same';
}
