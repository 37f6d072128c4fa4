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

/** Runs of both sides together from which on their own spread is the noise between runs: two degrees of freedom. */
export const RUNS_FOR_NOISE = 4;

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const squaresOf = (values: readonly number[]): number => {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
};

/**
 * How far a figure's runs lie from its baselines. With four runs and more the spread of runs of one side about their mean is the
 * noise, that within a run being a part of it (Student's two-sample t, pooled), and never less than the noise within; with fewer there is only the noise within the runs.
 * `resolutionUs` is the finest step by which the tool distinguishes times.
 */
export function differenceOf(
  figure: ComparedFigure,
  baselines: readonly FigureEstimate[],
  runs: readonly FigureEstimate[],
  resolutionUs: number,
): Difference {
  const [before, after] = [baselines, runs].map((side) => withFloor(figure, side, [...baselines, ...runs]));
  const [a, b] = [before ?? [], after ?? []].map((side) => side.map(({ value }) => value));
  const [baseline, run] = [meanOf(a ?? []), meanOf(b ?? [])];
  const within = (side: readonly FigureEstimate[] = []): number =>
    meanOf(side.map(({ error, value }) => error ** 2 + stepSquare(figure, value, resolutionUs)));
  const freedom = baselines.length + runs.length - 2;
  const between = (squaresOf(a ?? []) + squaresOf(b ?? [])) / freedom;
  const isNoiseKnown = baselines.length + runs.length >= RUNS_FOR_NOISE;
  const noise = (side: readonly FigureEstimate[] | undefined): number => {
    const own = within(side);
    if (!isNoiseKnown) return own;
    return Number.isFinite(own) ? Math.max(own, between) : between;
  };
  const error = Math.sqrt(noise(before) / baselines.length + noise(after) / runs.length);
  const blocks = [...baselines, ...runs].reduce((sum, each) => sum + each.blocks - 1, 0);
  const because = whyNot(figure, [...baselines, ...runs], error);
  return {
    figure,
    baseline,
    run,
    shift: run - baseline,
    error,
    freedom: isNoiseKnown ? freedom : blocks,
    ...(because !== undefined && { because }),
  };
}

function whyNot(figure: ComparedFigure, all: readonly FigureEstimate[], error: number): string | undefined {
  const least = Math.min(...all.map(({ count }) => count));
  if (least < figure.least) return `of ${least} requests; from ${figure.least} on it is compared`;
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
