import { gravest, type Verdict } from '../verdict.ts';
import type { ComparedRun } from './comparable.ts';
import type { ComparedFigure } from './figures.ts';
import { matchRuns, type MatchedFigure } from './matching.ts';
import { FALSE_SHARE, smallestVisible } from './judge.ts';
import { meanValue } from './middle.ts';
import { squaresOfRuns } from './shift.ts';
import { tBeyond } from './student.ts';

export const REPEATS_FORMAT = 'plimsoll.repeats.v1';

/**
 * A figure over the repeats. `mean` (of what shifts by a share the geometric one) with the `interval` that holds it in 95 of 100 such
 * series, and `values` of each run are in µs, a second, or a ratio. `spread` is the standard deviation from run to run, the noise of this
 * place; `smallest` the shift that as many repeats again would show as worse or better in 95 of 100 comparisons: shares, of the error
 * ratio differences. Null where it could not be computed.
 */
export interface RepeatedFigure {
  readonly figure: string;
  readonly title: string;
  readonly scale: ComparedFigure['scale'];
  readonly values: readonly (number | null)[];
  readonly mean: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  readonly spread: number | null;
  readonly smallest: number | null;
}

export interface RepeatedPhase {
  readonly phase: string;
  /** Why the repeats are none of one thing; none where nothing speaks against it. */
  readonly refusals: readonly string[];
  readonly subjects: readonly { readonly step: string | null; readonly figures: readonly RepeatedFigure[] }[];
}

/** Runs of one plan, one after another; plain JSON. */
export interface Repeats {
  readonly format: typeof REPEATS_FORMAT;
  readonly runs: readonly { readonly id: string; readonly verdict: Verdict }[];
  /** The gravest of theirs. */
  readonly verdict: Verdict;
  readonly phases: readonly RepeatedPhase[];
}

/** A repeat and its verdict. */
export interface JudgedRepeat {
  readonly run: ComparedRun;
  readonly verdict: Verdict;
}

/**
 * What runs of one build have in common, and by how much they differ.
 * @throws PlimsollError E-COMPARE-PHASES where they have nothing in common
 */
export function repeatsOf(repeats: readonly JudgedRepeat[]): Repeats {
  const matched = matchRuns(repeats.map(({ run }) => run));
  const figures = matched.reduce(
    (sum, { subjects }) => sum + subjects.reduce((own, each) => own + each.figures.length, 0),
    0,
  );
  return {
    format: REPEATS_FORMAT,
    runs: repeats.map(({ run, verdict }) => ({ id: run.id, verdict })),
    verdict: gravest(repeats.map(({ verdict }) => verdict)),
    phases: matched.map(({ phase, refusals, subjects }) => ({
      phase,
      refusals,
      subjects: subjects.map(({ step, figures: own }) => ({
        step,
        figures: own.map((each) => repeatedFigure(each, figures)),
      })),
    })),
  };
}

const MISSED = 0.05;

function repeatedFigure({ figure, estimates }: MatchedFigure, figures: number): RepeatedFigure {
  const { name, title, scale, tolerance } = figure;
  const values = estimates.map(({ value }) => value);
  const [count, mean] = [values.length, meanValue(values)];
  const spread = Math.sqrt(squaresOfRuns(values) / (count - 1));
  const far = tBeyond(MISSED, count - 1) * (spread / Math.sqrt(count));
  const value = (own: number): number | null => orNull(scale === 'ratio' ? Math.exp(own) : own);
  const share = (own: number): number | null => orNull(scale === 'ratio' ? Math.expm1(own) : own);
  const [low, high] = [value(mean - far), value(mean + far)];
  const limit = scale === 'ratio' ? Math.log1p(tolerance) : tolerance;
  // As a comparison has it: the noise from run to run is never less than that within the runs.
  const within = meanValue(estimates.map(({ error }) => error ** 2));
  const noise = Number.isFinite(within) ? Math.max(within, spread ** 2) : spread ** 2;
  const again = { error: Math.sqrt((2 * noise) / count), freedom: 2 * (count - 1) };
  return {
    figure: name,
    title,
    scale,
    values: values.map(value),
    mean: value(mean),
    interval: low === null || high === null ? null : [low, high],
    spread: share(spread),
    // The surest of all figures is tried at this level.
    smallest: share(smallestVisible(limit, again, FALSE_SHARE / figures)),
  };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
