import { levelAt } from '../../schedule/segment.ts';
import type { ComparedPhase } from './comparable.ts';
import type { ComparedFigure } from './figures.ts';
import { figuresOf, type Matched } from './matching.ts';
import { bySide, differenceOf, type Difference, type Sides } from './shift.ts';
import type { SlicedTime } from './slices.ts';
import { tBeyond } from './student.ts';

/**
 * A figure that has shifted from a level of the load on, and less below it. `shift`, its `interval` of 95 % and `below` are shares of the
 * baseline, of the error ratio differences. It describes where a shift is, and is no verdict: the level was looked for.
 */
export interface LoadTrend {
  readonly step: string | null;
  readonly figure: string;
  readonly title: string;
  readonly scale: ComparedFigure['scale'];
  /** Arrivals or requests a second, or users. */
  readonly fromLevel: number;
  readonly shift: number;
  readonly interval: readonly [low: number, high: number];
  readonly below: number;
}

/** What is said of a trend: what most users feel, what the slowest feel, and what fails. */
const LOOKED_AT = /^(?:errorRatio|(?:response|service)Time\.(?:p50|p99))$/;

/** The load is the same from here to there if it grows by less. */
const LEAST_GROWTH = 1.5;

/** Shares of the time at which the load is cut in two, from the least level to the greatest. */
const CUTS = [0.25, 0.5, 0.75];

const MISSED = 0.05;

/** The trends of a phase whose load changes; none of any other. */
export function trendsOf(matched: Matched, sides: Sides<unknown>, tolerance?: number): readonly LoadTrend[] {
  const [phase] = matched.phases;
  const [first] = matched.subjects[0]?.series ?? [];
  if (phase === undefined || first === undefined || matched.refusals.length > 0) return [];
  const levels = levelsOf(phase, first);
  const ascending = levels.toSorted((a, b) => a - b);
  const greatest = ascending.at(-1) ?? 0;
  const cuts = CUTS.map((share) => ascending[Math.floor(share * ascending.length)] ?? 0).filter((level) => level > 0);
  if (!(greatest > LEAST_GROWTH * (ascending[0] ?? 0))) return [];
  return matched.subjects.flatMap(({ step, series }) => {
    const found = new Map<string, LoadTrend>();
    for (const level of new Set(cuts)) {
      const [above, below] = [true, false].map((isAbove) =>
        differencesOf(series, (at) => (levels[at] ?? 0) >= level === isAbove, { matched, sides }),
      );
      for (const [name, difference] of above ?? []) {
        const trend = trendOf({ step, level }, difference, below?.get(name), tolerance);
        if (trend !== undefined && !found.has(name)) found.set(name, trend);
      }
    }
    return [...found.values()];
  });
}

/** The level of the load in the middle of each slice. */
const levelsOf = ({ load }: ComparedPhase, { slices, sliceSeconds }: SlicedTime): readonly number[] =>
  slices.map((_, at) => levelAt(load.segments, (at + 0.5) * sliceSeconds * 1e6));

interface Where {
  readonly matched: Matched;
  readonly sides: Sides<unknown>;
}

/** Of the slices that are wanted, as if nothing else had been measured. */
function differencesOf(
  series: readonly SlicedTime[],
  isWanted: (at: number) => boolean,
  { matched, sides }: Where,
): ReadonlyMap<string, Difference> {
  const part = series.map(({ slices, sliceSeconds }) => ({
    sliceSeconds,
    slices: slices.filter((_, at) => isWanted(at)),
  }));
  return new Map(
    figuresOf(part)
      .filter(({ figure }) => LOOKED_AT.test(figure.name))
      .map(({ figure, estimates }) => [
        figure.name,
        differenceOf(figure, bySide(estimates, sides), matched.resolutionUs),
      ]),
  );
}

/** A shift beyond the tolerance that is at most half as large below the level. */
function trendOf(
  { step, level }: { step: string | null; level: number },
  above: Difference,
  below: Difference | undefined,
  tolerance: number | undefined,
): LoadTrend | undefined {
  const { figure, shift, error, freedom, because } = above;
  const { name, title, scale } = figure;
  const limit = scale === 'ratio' ? Math.log1p(tolerance ?? figure.tolerance) : figure.tolerance;
  const isShifted = because === undefined && Math.abs(shift) > limit && Number.isFinite(error);
  if (!isShifted || below?.because !== undefined || below === undefined) return undefined;
  // A shift of the other sign below is another one.
  if (below.shift * Math.sign(shift) > Math.abs(shift) / 2) return undefined;
  const share = (own: number): number => (scale === 'ratio' ? Math.expm1(own) : own);
  const far = tBeyond(MISSED, freedom) * error;
  return {
    step,
    figure: name,
    title,
    scale,
    fromLevel: level,
    shift: share(shift),
    interval: [share(shift - far), share(shift + far)],
    below: share(below.shift),
  };
}
