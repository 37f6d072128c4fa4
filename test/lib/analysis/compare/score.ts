import { comparedFigures } from '../../../../lib/analysis/compare/figures.ts';
import { judgeShifts, type ShiftVerdict } from '../../../../lib/analysis/compare/judge.ts';
import { estimatesOf, type FigureEstimate } from '../../../../lib/analysis/compare/resample.ts';
import { differenceOf, isNoiseKnown } from '../../../../lib/analysis/compare/shift.ts';
import { uniform01 } from '../../../../lib/schedule/random.ts';
import { type Change, simulatedSeries, type SimulatedService } from './services.ts';

/** Every figure of one simulated run, and of a pool of them, from which comparisons are drawn. */
type Pool = readonly (readonly FigureEstimate[])[];

export function poolOf(service: SimulatedService, runs: number, seed: number, change?: Change): Pool {
  return Array.from({ length: runs }, (_, at) => estimatesOf(simulatedSeries(service, seed + at, 60, change)));
}

/** Shares of the comparisons: in which any figure has a verdict, and in which a figure has it, and how often an interval holds the truth. */
export interface ComparisonScore {
  readonly any: Readonly<Record<ShiftVerdict, number>>;
  readonly byFigure: Readonly<Record<string, Readonly<Record<ShiftVerdict, number>>>>;
  readonly covered: number;
}

/** Different runs of a pool, so many for each side, `offset` apart where both sides draw from one pool. */
function drawn(pool: Pool, count: number, random: () => number, without: ReadonlySet<number>): number[] {
  const chosen = new Set<number>();
  while (chosen.size < count) {
    const at = Math.floor(random() * pool.length);
    if (!without.has(at)) chosen.add(at);
  }
  return [...chosen];
}

export interface Scored {
  readonly baselines: number;
  readonly runs: number;
  /** Of the build that is before, beside the baselines. */
  readonly noise?: number;
  readonly comparisons: number;
  readonly tolerance?: number;
  /** What is true of p50, as a share. */
  readonly truth: number;
}

const VERDICTS: readonly ShiftVerdict[] = ['better', 'same', 'worse', 'differs', 'unclear'];
const NONE = { better: 0, same: 0, worse: 0, differs: 0, unclear: 0 };

/** Compares runs that are drawn from two pools, or from one with itself. */
export function scoreComparisons(before: Pool, after: Pool, scored: Scored): ComparisonScore {
  const random = uniform01(5);
  const any: Record<ShiftVerdict, number> = { ...NONE };
  const byFigure = Object.fromEntries(comparedFigures.map(({ name }) => [name, { ...NONE }]));
  let covered = 0;
  for (let round = 0; round < scored.comparisons; round += 1) {
    const a = drawn(before, scored.baselines, random, new Set());
    const c = drawn(before, scored.noise ?? 0, random, new Set(a));
    const b = drawn(after, scored.runs, random, before === after ? new Set([...a, ...c]) : new Set());
    const sides = { baselines: a, runs: b, noise: c };
    const differences = comparedFigures.map((figure, at) => {
      const of = (pool: Pool, runs: readonly number[]) => runs.flatMap((run) => pool[run]?.[at] ?? []);
      return differenceOf(figure, { baselines: of(before, a), runs: of(after, b), noise: of(before, c) }, 1);
    });
    const shifts = judgeShifts(differences, {
      isNoiseKnown: isNoiseKnown(sides),
      refused: new Set(),
      ...(scored.tolerance !== undefined && { tolerance: scored.tolerance }),
    });
    const verdicts = new Set<ShiftVerdict>();
    for (const { figure, verdict, interval } of shifts.values()) {
      verdicts.add(verdict);
      const counts = byFigure[figure];
      if (counts !== undefined) counts[verdict] += 1 / scored.comparisons;
      if (figure === 'responseTime.p50' && interval !== null)
        covered += Number(interval[0] <= scored.truth && scored.truth <= interval[1]) / scored.comparisons;
    }
    for (const verdict of VERDICTS) if (verdicts.has(verdict)) any[verdict] += 1 / scored.comparisons;
  }
  return { any, byFigure, covered };
}
