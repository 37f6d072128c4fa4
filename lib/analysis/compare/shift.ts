import { formatNumber } from '../../units.ts';
import { meanValue } from './middle.ts';
import type { ComparedFigure } from './figures.ts';
import type { FigureEstimate } from './resample.ts';

/** A shift from the baselines to the runs, on the scale that is compared, with what it is judged by. */
export interface Difference {
  readonly figure: ComparedFigure;
  /** Means over the runs of either side, on the scale that is compared. */
  readonly baseline: number;
  readonly run: number;
  readonly shift: number;
  readonly error: number;
  /** Degrees of freedom of the error. */
  readonly freedom: number;
  /** Why nothing is concluded from it. */
  readonly because?: string;
}

/** One figure of every run, of both sides, and of runs of one build that are there to show how much such runs differ. */
export interface Sides<Each> {
  readonly baselines: readonly Each[];
  readonly runs: readonly Each[];
  readonly noise: readonly Each[];
}

/** What was matched of all runs, by the side that each is on. */
export const bySide = <Each>(matched: readonly Each[], { baselines, runs }: Sides<unknown>): Sides<Each> => ({
  baselines: matched.slice(0, baselines.length),
  runs: matched.slice(baselines.length, baselines.length + runs.length),
  noise: matched.slice(baselines.length + runs.length),
});

/** Degrees of freedom from which on the spread of runs of one build is the noise between runs. */
const LEAST_FREEDOM = 2;

/** Each group of runs of one build has one degree of freedom less than runs. */
const freedomOf = (groups: readonly (readonly unknown[])[]): number =>
  groups.reduce((sum, group) => sum + Math.max(0, group.length - 1), 0);

/** Whether there are runs enough to know how much two runs of one build differ: four of both sides, or three that show the noise. */
export const isNoiseKnown = ({ baselines, runs, noise }: Sides<unknown>): boolean =>
  freedomOf([baselines, runs, noise]) >= LEAST_FREEDOM;

/** Squares of the distances from the mean, summed; 0 of no values. */
export const squaresOfRuns = (values: readonly number[]): number => {
  if (values.length === 0) return 0;
  const mean = meanValue(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
};

/**
 * How far a figure's runs lie from its baselines. Where there are runs enough, the spread of runs of one build about their mean is the
 * noise, that within a run being a part of it (Student's two-sample t, pooled over all such groups), and never less than the noise within;
 * else there is only the noise within the runs. `resolutionUs` is the finest step by which the tool distinguishes times.
 */
export function differenceOf(figure: ComparedFigure, sides: Sides<FigureEstimate>, resolutionUs: number): Difference {
  const all = [...sides.baselines, ...sides.runs, ...sides.noise];
  const [before, after, alike] = [sides.baselines, sides.runs, sides.noise].map((side) =>
    withFloor(figure, side, all),
  ) as [readonly FigureEstimate[], readonly FigureEstimate[], readonly FigureEstimate[]];
  const [a, b, c] = [before, after, alike].map((side) => side.map(({ value }) => value)) as [
    number[],
    number[],
    number[],
  ];
  const [baseline, run] = [meanValue(a), meanValue(b)];
  const freedom = freedomOf([a, b, c]);
  const between = (squaresOfRuns(a) + squaresOfRuns(b) + squaresOfRuns(c)) / freedom;
  const isKnown = isNoiseKnown(sides);
  const noise = (side: readonly FigureEstimate[]): number => {
    const own = meanValue(side.map(({ error, value }) => error ** 2 + stepSquare(figure, value, resolutionUs)));
    if (!isKnown) return own;
    return Number.isFinite(own) ? Math.max(own, between) : between;
  };
  const error = Math.sqrt(noise(before) / a.length + noise(after) / b.length);
  const blocks = [...before, ...after].reduce((sum, each) => sum + each.blocks - 1, 0);
  const because = whyNot(figure, all, error);
  return {
    figure,
    baseline,
    run,
    shift: run - baseline,
    error,
    freedom: isKnown ? freedom : blocks,
    ...(because !== undefined && { because }),
  };
}

function whyNot(figure: ComparedFigure, all: readonly FigureEstimate[], error: number): string | undefined {
  const least = Math.min(...all.map(({ count }) => count));
  if (least < figure.least)
    return `of ${formatNumber(least)} requests; from ${formatNumber(figure.least)} on it is compared`;
  if (all.some(({ value }) => !Number.isFinite(value))) return 'not measured in every run';
  return Number.isFinite(error) ? undefined : 'the phase is too short for its noise to be seen';
}

/** A step of the tool's clock, as the variance of a rounding (its square / 12) on the scale of logarithms. */
const stepSquare = ({ percentile }: ComparedFigure, value: number, stepUs: number): number =>
  percentile === undefined ? 0 : (stepUs / Math.exp(value)) ** 2 / 12;

/**
 * Where few or no requests went wrong, resampling shows little or no spread. The error of a ratio is then that of so many requests
 * with two failures more (Agresti and Coull 1998), × how much failures cluster in any of the runs.
 */
function withFloor(
  { name }: ComparedFigure,
  side: readonly FigureEstimate[],
  all: readonly FigureEstimate[],
): readonly FigureEstimate[] {
  if (name !== 'errorRatio') return side;
  const cluster = Math.max(
    1,
    ...all.map(({ value, error, count }) =>
      value > 0 && error > 0 ? error ** 2 / ((value * (1 - value)) / count) : 1,
    ),
  );
  return side.map((each) => {
    const ratio = (each.value * each.count + 2) / (each.count + 4);
    const floor = Math.sqrt((cluster * ratio * (1 - ratio)) / (each.count + 4));
    return { ...each, error: Math.max(each.error, floor) };
  });
}
