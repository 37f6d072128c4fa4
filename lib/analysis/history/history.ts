import { meanValue } from '../compare/middle.ts';
import type { ComparedFigure } from '../compare/figures.ts';
import { capacityFigure, comparedFigures } from '../compare/figures.ts';
import type { Verdict } from '../verdict.ts';
import { changePoints } from './change-points.ts';

export const HISTORY_FORMAT = 'plimsoll.history.v1';

/** What a run has measured of a phase, or of its search, by the figure's name; null where it is no evidence. */
export interface PastSubject {
  /** The phase's name. */
  readonly name: string;
  /** Equal in runs whose figures may be compared: requests, load, machine, version. */
  readonly conditions: string;
  readonly figures: Readonly<Record<string, number | null>>;
}

/** A run of a history, as far as it is looked at. */
export interface PastRun {
  readonly id: string;
  readonly startedAt: string;
  readonly plan: string;
  readonly verdict: Verdict;
  readonly version: string;
  readonly subjects: readonly PastSubject[];
}

/** From the run `since` on a figure is another: means over the runs since the change before, and until the next one. */
export interface FigureChange {
  readonly since: string;
  readonly startedAt: string;
  readonly runs: number;
  readonly before: number;
  readonly after: number;
  /** A share of `before` (0.1: a tenth more); of the error ratio a difference. */
  readonly shift: number;
  readonly verdict: 'better' | 'worse';
  readonly p: number;
}

/** One figure over the runs that were made alike, the oldest first. */
export interface FigureCourse {
  readonly subject: string;
  readonly figure: string;
  readonly title: string;
  readonly scale: ComparedFigure['scale'];
  readonly values: readonly { readonly run: string; readonly value: number }[];
  readonly changes: readonly FigureChange[];
}

/** The runs of a plan, the oldest first, and how their figures have changed; plain JSON. */
export interface RunHistory {
  readonly format: typeof HISTORY_FORMAT;
  readonly plan: string;
  readonly runs: readonly PastRun[];
  readonly courses: readonly FigureCourse[];
}

/** What is looked at: of times those that users feel, and of imported results, which have no others, service times. */
export const historyFigures: readonly ComparedFigure[] = [...comparedFigures, capacityFigure];

/** Runs of one plan, in any order. Runs that were made otherwise are courses of their own. */
export function historyOfRuns(plan: string, all: readonly PastRun[]): RunHistory {
  const runs = all.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt) || a.id.localeCompare(b.id));
  const groups = Map.groupBy(
    runs.flatMap((run) => run.subjects.map((subject) => ({ run, subject }))),
    ({ subject: { name, conditions } }) => JSON.stringify([name, conditions]),
  );
  const courses = [...groups.values()].flatMap((alike) =>
    historyFigures.flatMap((figure) => courseOf(figure, alike) ?? []),
  );
  return { format: HISTORY_FORMAT, plan, runs, courses };
}

interface Seen {
  readonly run: PastRun;
  readonly subject: PastSubject;
}

function courseOf(figure: ComparedFigure, alike: readonly Seen[]): FigureCourse | undefined {
  const seen = alike.flatMap(({ run, subject }) => {
    const value = subject.figures[figure.name];
    // The logarithm of nothing is none.
    const isThere = typeof value === 'number' && (figure.scale === 'difference' || value > 0);
    return isThere ? [{ run, subject, value }] : [];
  });
  const [first] = seen;
  if (first === undefined) return undefined;
  const scaled = seen.map(({ value }) => (figure.scale === 'ratio' ? Math.log(value) : value));
  const points = changePoints(scaled);
  const ends = [...points.slice(1).map(({ at }) => at), scaled.length];
  const changes = points.flatMap(({ at, p }, nth): FigureChange[] => {
    const [run, end] = [seen[at]?.run, ends[nth]];
    if (run === undefined || end === undefined) return [];
    const before = meanValue(scaled.slice(points[nth - 1]?.at ?? 0, at));
    const after = meanValue(scaled.slice(at, end));
    return [{ since: run.id, startedAt: run.startedAt, runs: end - at, ...shiftOf(figure, before, after), p }];
  });
  const values = seen.map(({ run, value }) => ({ run: run.id, value }));
  return {
    subject: first.subject.name,
    figure: figure.name,
    title: figure.title,
    scale: figure.scale,
    values,
    changes,
  };
}

function shiftOf({ scale, better }: ComparedFigure, before: number, after: number) {
  const verdict = after > before === (better === 'more') ? ('better' as const) : ('worse' as const);
  return scale === 'ratio'
    ? { before: Math.exp(before), after: Math.exp(after), shift: Math.expm1(after - before), verdict }
    : { before, after, shift: after - before, verdict };
}
