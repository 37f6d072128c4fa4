import { PlimsollError } from '../../errors.ts';
import { unitOfLoad } from '../../plan/describe-load.ts';
import { isImportedRun, type ComparedRun } from './comparable.ts';
import { judgeShifts, type Shift, type ShiftVerdict } from './judge.ts';
import { matchRuns, type Matched } from './matching.ts';
import { bySide, differenceOf, isNoiseKnown, type Difference, type Sides } from './shift.ts';
import { signalShifts, type SignalShift } from './signal-shifts.ts';
import { trendsOf, type LoadTrend } from './trends.ts';

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
  /** Of the load: `arrivals/s`, `users`; empty of a search. */
  readonly unit: string;
  /** From which load on a figure has shifted, where the load changes within the phase. */
  readonly trends: readonly LoadTrend[];
  /** No signal has a verdict: more of it is neither better nor worse. */
  readonly signals: readonly SignalShift[];
}

/** What has shifted from the baselines to the runs; plain JSON. */
export interface Comparison {
  readonly format: typeof COMPARISON_FORMAT;
  readonly baselines: readonly string[];
  readonly runs: readonly string[];
  /** Runs of one build that were given to show how much such runs differ here. */
  readonly noise: readonly string[];
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
  /** Of one build, made in the same place with the same plan. */
  readonly noise?: readonly ComparedRun[];
  /** Instead of the figures' own, of those that shift by a share: `0.05`. */
  readonly tolerance?: number;
}

/**
 * Compares runs with baselines, phase by phase and step by step; warm-up is left out.
 * @throws PlimsollError E-COMPARE-PLAN, E-COMPARE-PHASES where they have nothing in common
 */
export function compareRuns({ baselines, runs, noise = [], tolerance }: Compared): Comparison {
  const sides = { baselines, runs, noise };
  const all = [...baselines, ...runs, ...noise];
  const [first, ...others] = all;
  if (first === undefined || runs.length === 0) throw new RangeError('a comparison is of two runs at the least');
  for (const other of others) refuseOtherPlan(first, other);
  const places = bySide(
    all.map((_, at) => at),
    sides,
  );
  const matched = matchRuns(all, Object.values(places)).map((each) => withDifferences(each, sides));
  const judged = matched.filter(({ refusals }) => refusals.length === 0);
  const isKnown = (judged.length === 0 ? [sides] : judged.map((each) => each.sides)).every(isNoiseKnown);
  const shifts = judgeShifts(
    matched.flatMap((each) => differencesOf(each)),
    {
      isNoiseKnown: isKnown,
      refused: new Set(matched.flatMap((each) => (each.refusals.length === 0 ? [] : differencesOf(each)))),
      ...(tolerance !== undefined && { tolerance }),
    },
  );
  return {
    format: COMPARISON_FORMAT,
    baselines: baselines.map(({ id }) => id),
    runs: runs.map(({ id }) => id),
    noise: noise.map(({ id }) => id),
    verdict: verdictOfAll([...shifts.values()]),
    isNoiseKnown: isKnown,
    remarks: [...new Set(matched.flatMap((each) => each.remarks))],
    phases: matched.map((each) => phaseOf(each, shifts, tolerance)),
  };
}

const phaseOf = (
  matched: MatchedDifferences,
  shifts: ReadonlyMap<Difference, Shift>,
  tolerance: number | undefined,
): PhaseComparison => ({
  phase: matched.phase,
  refusals: matched.refusals,
  subjects: matched.compared.map(({ step, differences }) => ({
    step,
    shifts: differences.flatMap((difference) => shifts.get(difference) ?? []),
  })),
  unit: matched.phases[0] === undefined ? '' : unitOfLoad(matched.phases[0].load),
  trends: trendsOf(matched, matched.sides, tolerance),
  signals: signalShifts(matched.phases, matched.sides),
});

interface MatchedDifferences extends Matched {
  /** Places of the runs that were matched, by their side. */
  readonly sides: Sides<unknown>;
  readonly compared: readonly { readonly step: string | null; readonly differences: readonly Difference[] }[];
}

function withDifferences(matched: Matched, given: Sides<unknown>): MatchedDifferences {
  const sides = sidesOf(matched.places, given);
  const compared = matched.subjects.map(({ step, figures }) => ({
    step,
    differences: figures.map(({ figure, estimates }) =>
      differenceOf(figure, bySide(estimates, sides), matched.resolutionUs),
    ),
  }));
  return { ...matched, sides, compared };
}

/** Those that were matched stand in the order in which they were given: baselines, runs, noise. */
function sidesOf(places: readonly number[], { baselines, runs }: Sides<unknown>): Sides<number> {
  const [first, last] = [baselines.length, baselines.length + runs.length];
  return {
    baselines: places.filter((at) => at < first),
    runs: places.filter((at) => at >= first && at < last),
    noise: places.filter((at) => at >= last),
  };
}

const differencesOf = ({ compared }: MatchedDifferences): readonly Difference[] =>
  compared.flatMap(({ differences }) => differences);

function refuseOtherPlan(a: ComparedRun, b: ComparedRun): void {
  if (isImportedRun(a) || isImportedRun(b)) return;
  if (a.plan.name === b.plan.name || a.journeys === b.journeys) return;
  throw new PlimsollError(
    'E-COMPARE-PLAN',
    `${a.id} is a run of the plan ${a.plan.name}, and ${b.id} of ${b.plan.name}, which sends other requests.`,
  );
}

const GRAVEST_FIRST: readonly ShiftVerdict[] = ['worse', 'differs', 'better', 'unclear'];

/** The gravest of those that were judged; `same` where nothing else was found. */
function verdictOfAll(shifts: readonly Shift[]): ShiftVerdict {
  const judged = shifts.filter(({ because }) => because === undefined);
  if (judged.length === 0) return 'unclear';
  return GRAVEST_FIRST.find((verdict) => judged.some((each) => each.verdict === verdict)) ?? 'same';
}
