import type { Difference } from './shift.ts';
import { farther, tBeyond } from './student.ts';

/**
 * `differs` is all that may be said where the noise between runs is not known; `unclear`: neither a shift beyond the tolerance nor
 * its absence could be shown.
 */
export type ShiftVerdict = 'better' | 'same' | 'worse' | 'differs' | 'unclear';

/**
 * A figure's shift as it was found. `baseline` and `run` are in µs, a second, USD, or a ratio; `shift`, its `interval` and `smallest`, the
 * shift that would have been found in 95 of 100 such comparisons, are shares of the baseline (0.1: a tenth more), of the error ratio
 * differences. Null where it could not be computed.
 */
export interface Shift {
  readonly figure: string;
  readonly title: string;
  readonly scale: 'ratio' | 'difference';
  readonly baseline: number | null;
  readonly run: number | null;
  readonly shift: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  readonly smallest: number | null;
  readonly tolerance: number;
  readonly verdict: ShiftVerdict;
  readonly because?: string;
}

/** Of a whole comparison in which nothing has changed, the share that may say something false. */
export const FALSE_SHARE = 0.01;

/** One-sided, of 95 %: how far beyond the limit a shift must lie to be found that often. */
const POWER = 1.645;

/** The shift beyond `limit` that would be found in 95 of 100 comparisons at this level. */
export const smallestVisible = (
  limit: number,
  { error, freedom }: Pick<Difference, 'error' | 'freedom'>,
  level: number,
): number => limit + (tBeyond(level, freedom) + POWER) * error;

export interface Judging {
  /** Instead of the figures' own, of all that shift by a share. */
  readonly tolerance?: number;
  readonly isNoiseKnown: boolean;
  /** What gets no verdict, and is no part of what is judged together. */
  readonly refused: ReadonlySet<Difference>;
}

/**
 * Judges all figures of a comparison together, by Holm's method (1979): the surest at a level of 1 % divided by the number of
 * figures, the next by one fewer, until one fails. Two claims are tried on each figure with one p: beyond the tolerance, and
 * within it (TOST); only one of them can be false. The interval has the level at which its figure was tried, so it always agrees with the verdict.
 */
export function judgeShifts(differences: readonly Difference[], judging: Judging): ReadonlyMap<Difference, Shift> {
  const tried = differences
    .filter((each) => each.because === undefined && !judging.refused.has(each))
    .map((each) => ({ each, p: probabilityOf(each, limitOf(each, judging)) }))
    .toSorted((a, b) => a.p - b.p);
  const judged = new Map<Difference, Judged>();
  let [isSure, level] = [true, FALSE_SHARE];
  for (const [rank, { each, p }] of tried.entries()) {
    if (isSure) level = FALSE_SHARE / (tried.length - rank);
    isSure &&= p <= level;
    judged.set(each, { level, verdict: isSure ? verdictOf(each, judging) : 'unclear' });
  }
  const unjudged: Judged = { level: FALSE_SHARE, verdict: 'unclear' };
  return new Map(
    differences.map((each) => [each, shownShift(each, limitOf(each, judging), judged.get(each) ?? unjudged)]),
  );
}

/** As a logarithm, where shifts are shares. */
const limitOf = ({ figure: { scale, tolerance } }: Difference, { tolerance: asked }: Judging): number =>
  scale === 'ratio' ? Math.log1p(asked ?? tolerance) : tolerance;

/** Of the surer of both claims, two-sided. Without any noise a shift is beyond the limit, or within it, for sure. */
function probabilityOf({ shift, error, freedom }: Difference, limit: number): number {
  const beyond = Math.abs(Math.abs(shift) - limit);
  return beyond === 0 ? 1 : farther(beyond / error, freedom);
}

function verdictOf(difference: Difference, judging: Judging): ShiftVerdict {
  const { shift, figure } = difference;
  const { isNoiseKnown } = judging;
  if (Math.abs(shift) <= limitOf(difference, judging)) return isNoiseKnown ? 'same' : 'unclear';
  if (!isNoiseKnown) return 'differs';
  return shift > 0 === (figure.better === 'more') ? 'better' : 'worse';
}

interface Judged {
  readonly level: number;
  readonly verdict: ShiftVerdict;
}

function shownShift(difference: Difference, limit: number, { level, verdict }: Judged): Shift {
  const { figure, baseline, run, shift, error, freedom, because } = difference;
  const { name, title, scale } = figure;
  const value = (own: number): number | null => orNull(scale === 'ratio' ? Math.exp(own) : own);
  const share = (own: number): number | null => orNull(scale === 'ratio' ? Math.expm1(own) : own);
  const far = tBeyond(level, freedom);
  const [low, high] = [share(shift - far * error), share(shift + far * error)];
  return {
    figure: name,
    title,
    scale,
    baseline: value(baseline),
    run: value(run),
    shift: share(shift),
    interval: low === null || high === null ? null : [low, high],
    smallest: Number.isFinite(shift) ? share(smallestVisible(limit, difference, level)) : null,
    tolerance: scale === 'ratio' ? Math.expm1(limit) : limit,
    verdict,
    ...(because !== undefined && { because }),
  };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
