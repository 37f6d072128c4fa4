import { PlimsollError } from '../../errors.ts';
import { phasesThatCount } from '../verdict.ts';
import {
  hasOnlyFinished,
  phaseReservations,
  runReservations,
  targetRemarks,
  searchReservations,
  validityRefusals,
  type ComparedPhase,
  type ComparedRun,
  type ComparedSearch,
  type Reservations,
} from './comparable.ts';
import { costEstimates, costFigure } from './cost.ts';
import { capacityFigure, comparedFigures, type ComparedFigure } from './figures.ts';
import { estimatesOf, type FigureEstimate } from './resample.ts';
import type { SlicedTime } from './slices.ts';
import { tBeyond } from './student.ts';

/** A figure of every run, in the order in which the runs were given. */
export interface MatchedFigure {
  readonly figure: ComparedFigure;
  readonly estimates: readonly FigureEstimate[];
}

/** A phase, or one of its steps, in every run. */
export interface MatchedSubject {
  readonly step: string | null;
  readonly figures: readonly MatchedFigure[];
  /** None of a search. */
  readonly series: readonly SlicedTime[];
}

/** What every run has: a phase with its name, or a search. */
export interface Matched extends Reservations {
  readonly phase: string;
  /** Places of the runs that were matched, among those that were given. */
  readonly places: readonly number[];
  /** The finest step by which times are distinguished, in µs. */
  readonly resolutionUs: number;
  readonly subjects: readonly MatchedSubject[];
  /** The phase of each run; none of a search. */
  readonly phases: readonly ComparedPhase[];
}

/** What a search is called among phases. */
const SEARCH = 'search';

/**
 * Finds what runs have in common, warm-up left out, and what speaks against holding it against each other. The first run is what the
 * others are held against. `groups`: places of runs, in each of which void ones are left out if others remain.
 * @throws PlimsollError E-COMPARE-PHASES where they have nothing in common
 */
export function matchRuns(
  all: readonly ComparedRun[],
  groups: readonly (readonly number[])[] = [],
): readonly Matched[] {
  const [first, ...others] = all;
  if (first === undefined) return [];
  const reserved = others.map((other) => runReservations(first, other));
  const ofRuns = {
    refusals: reserved.flatMap(({ refusals }) => refusals),
    remarks: [...reserved.flatMap(({ remarks }) => remarks), ...targetRemarks(all)],
  };
  const searches = all.flatMap(({ search }) => search ?? []);
  const matched =
    searches.length === all.length
      ? [matchedSearch(all, searches)]
      : commonPhases(all).map((phases) => matchedPhase(phases, all, groups));
  return matched.map((each) => ({
    ...each,
    refusals: unique([...ofRuns.refusals, ...each.refusals]),
    remarks: unique([...ofRuns.remarks, ...each.remarks]),
  }));
}

const unique = (sentences: readonly string[]): readonly string[] => [...new Set(sentences)];

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
  const lists = all.map(
    ({ id, phases, search }) =>
      `${id}: ${search === undefined ? phases.map(({ name }) => name).join(', ') || 'none' : 'a search'}`,
  );
  throw new PlimsollError(
    'E-COMPARE-PHASES',
    'The runs have no phase in common that counts (warm-up does not).',
    lists,
  );
}

function matchedPhase(
  given: Same<ComparedPhase>,
  all: readonly ComparedRun[],
  groups: readonly (readonly number[])[],
): Matched {
  const why = all.map((run, at) => validityRefusals(run, given[at] ?? given[0]));
  const isVoid = (at: number): boolean => (why[at] ?? []).length > 0;
  const out = new Set(groups.flatMap((group) => (group.every(isVoid) ? [] : group.filter(isVoid))));
  const places = all.flatMap((_, at) => (out.has(at) ? [] : [at]));
  const [own = given[0], ...others] = places.flatMap((at) => given[at] ?? []);
  const phases: Same<ComparedPhase> = [own, ...others];
  const reserved = others.map((other) => phaseReservations(own, other));
  const known = phases.some((phase) => hasOnlyFinished(phase)) ? [] : seriesOf(phases);
  return {
    phase: own.name,
    places,
    refusals: [...places.flatMap((at) => why[at] ?? []), ...reserved.flatMap(({ refusals }) => refusals)],
    remarks: [
      ...reserved.flatMap(({ remarks }) => remarks),
      ...[...out].flatMap((at) => (why[at] ?? []).map((text) => `Left out of ${own.name}, since ${text}.`)),
    ],
    resolutionUs: own.imported?.times.stepUs ?? 1,
    subjects: known.map(({ step, series }) => {
      const figures = figuresOf(series);
      return { step, series, figures: step === null ? withCost(figures, phases) : figures };
    }),
    phases,
  };
}

/** The whole phase, and each step that every run has; a phase's only step is the phase again. */
function seriesOf(phases: Same<ComparedPhase>): readonly { step: string | null; series: readonly SlicedTime[] }[] {
  const whole = { step: null, series: phases.map((phase) => phase.whole) };
  const steps = [...phases[0].steps.keys()].flatMap((step) => {
    const series = phases.flatMap((phase) => phase.steps.get(step) ?? []);
    return series.length === phases.length ? [{ step, series }] : [];
  });
  return steps.length < 2 ? [whole] : [whole, ...steps];
}

/** Every figure that any of the series has. */
export function figuresOf(series: readonly SlicedTime[]): readonly MatchedFigure[] {
  const all = series.map((each) => estimatesOf(each));
  return comparedFigures.flatMap((figure, at): MatchedFigure[] => {
    const estimates = all.flatMap((each) => each[at] ?? []);
    return estimates.every(({ value }) => Number.isNaN(value)) ? [] : [{ figure, estimates }];
  });
}

/** The figures, and below them what a million of the requests has cost, where that is known of all. */
function withCost(
  figures: readonly MatchedFigure[],
  priced: readonly { readonly usdPerHour?: number }[],
): readonly MatchedFigure[] {
  const carried = figures.find(({ figure: { name } }) => name === 'throughput' || name === 'capacity');
  const costs =
    carried &&
    costEstimates(
      carried.estimates,
      priced.map(({ usdPerHour }) => usdPerHour),
    );
  return costs === undefined ? figures : [...figures, { figure: costFigure, estimates: costs }];
}

function matchedSearch(all: readonly ComparedRun[], searches: readonly ComparedSearch[]): Matched {
  const [first, ...others] = searches;
  const reserved = others.map((other) => searchReservations(first ?? other, other));
  const capacity = { figure: capacityFigure, estimates: searches.map(capacityEstimate) };
  return {
    phase: SEARCH,
    places: searches.map((_, at) => at),
    refusals: reserved.flatMap(({ refusals }) => refusals),
    remarks: all.flatMap((run, at) => unanswered(run, searches[at])),
    resolutionUs: 1,
    subjects: [{ step: null, series: [], figures: withCost([capacity], searches) }],
    phases: [],
  };
}

/** Of a search without an answer; the report of its run says why it has none. */
const unanswered = ({ id }: ComparedRun, search: ComparedSearch | undefined): readonly string[] =>
  search === undefined || Number.isFinite(search.perSecond) ? [] : [`The search of ${id} has found no capacity.`];

/** What a search knows of its own capacity has no degrees of freedom of its own; it is taken for that of so many. */
const SEARCH_FREEDOM = 30;

/** The interval is on a logarithmic scale about as wide to either side, and holds the capacity with its probability. */
function capacityEstimate({ perSecond, interval, confidence }: ComparedSearch): FigureEstimate {
  const width = interval === undefined ? Number.NaN : Math.log(interval[1] / interval[0]) / 2;
  return {
    value: Math.log(perSecond),
    error: width / tBeyond(1 - confidence, SEARCH_FREEDOM),
    blocks: SEARCH_FREEDOM + 1,
    count: Number.POSITIVE_INFINITY,
  };
}
