import type { Point } from '../measure/measurement.ts';
import { isPresent, type Figure } from './numbers.ts';
import type { Report } from './report.ts';
import { frameOf, rounded, type Chart, type Frame, type Series } from './sections/charts/chart.ts';
import type { Section } from './sections/section.ts';

/** Reports of runs that are laid over each other, by how they are called. */
export interface RunCourse {
  readonly name: string;
  readonly report: Report;
}

/** More lines of one side can't be distinguished. */
const MOST_OF_A_SIDE = 5;

/** What is drawn of every run, in reading order. */
const DRAWN: readonly (Pick<Chart, 'id' | 'title' | 'unit' | 'size' | 'log'> & {
  readonly of: (point: Point) => Figure;
})[] = [
  { id: 'p50', title: 'p50', unit: 'us', size: 'large', log: false, of: (point) => timesOf(point)?.p50 },
  { id: 'p99', title: 'p99', unit: 'us', size: 'large', log: false, of: (point) => timesOf(point)?.p99 },
  {
    id: 'throughput',
    title: 'Successful requests a second',
    unit: 'perSecond',
    size: 'low',
    of: (point) => point.throughputPerSecond,
  },
  { id: 'errors', title: 'Errors a second', unit: 'perSecond', size: 'low', of: failedPerSecond },
];

/** Imported results have no response time. */
const timesOf = ({ responseTimeUs, serviceTimeUs }: Point) => responseTimeUs ?? serviceTimeUs;

function failedPerSecond({ ledger, seconds }: Point): Figure {
  return (ledger.failed + ledger.timedOut) / seconds;
}

/**
 * The courses of both sides on one axis, phase upon phase of one name: the baselines dashed, the runs drawn through. The phases begin
 * where they do in the first baseline. Searches, whose probes are others each time, stand each on its own time.
 */
export function coursesSection(baselines: readonly RunCourse[], runs: readonly RunCourse[]): Section | undefined {
  const [first] = baselines;
  if (first === undefined) return undefined;
  const shown = [baselines, runs].map((side) => side.slice(-MOST_OF_A_SIDE));
  const left = [baselines, runs].reduce((sum, side) => sum + Math.max(0, side.length - MOST_OF_A_SIDE), 0);
  const isSearch = first.report.summary.capacity !== undefined;
  const lines = shown.flatMap((side, at) =>
    side.map((course) => ({ course, isRun: at === 1, points: isSearch ? bySeconds(course) : placed(first, course) })),
  );
  const xs = [...new Set(lines.flatMap(({ points }) => [...points.keys()]))].toSorted((a, b) => a - b);
  const seriesOf = (of: (point: Point) => Figure): Series[] =>
    lines.map(({ course, isRun, points }) => ({
      label: course.name,
      ...(isRun ? { tone: 'saturation' } : { tone: 'p95', dashed: true as const }),
      values: xs.map((x) => {
        const point = points.get(x);
        return point === undefined ? null : rounded(of(point));
      }),
    }));
  const note = `Baselines dashed, runs drawn through${isSearch ? ', each on its own time' : ''}${left > 0 ? `; ${left} earlier ones are not drawn` : ''}.`;
  const charts = DRAWN.flatMap(({ of, ...drawn }): Chart[] => {
    const series = seriesOf(of);
    const isEmpty = series.every(({ values }) => values.every((value) => !isPresent(value)));
    return isEmpty ? [] : [{ ...drawn, note, xs, series }];
  });
  return {
    id: 'charts',
    title: 'Their courses',
    detail: true,
    blocks: [{ block: 'charts', frame: isSearch ? frameOfSearches(xs) : frameOf(first.report), charts }],
  };
}

const frameOfSearches = (xs: readonly number[]): Frame => {
  const totalSeconds = Math.max(1, xs.at(-1) ?? 0);
  return { totalSeconds, bands: [{ name: 'search', from: 0, to: totalSeconds }], marks: [] };
};

/** On whole seconds, since a line breaks where another one alone has a point. */
const bySeconds = (course: RunCourse): ReadonlyMap<number, Point> =>
  new Map(Array.from(placed(course, course), ([at, point]) => [Math.round(at), point]));

/** Points of a run on the axis of another, by its seconds. */
function placed(axis: RunCourse, { report }: RunCourse): ReadonlyMap<number, Point> {
  const found = new Map<number, Point>();
  const seen = new Map<string, number>();
  for (const { phase, points, durationSeconds } of report.timeline) {
    const nth = seen.get(phase) ?? 0;
    seen.set(phase, nth + 1);
    const start = axis.report.timeline.filter((each) => each.phase === phase)[nth]?.startSeconds;
    if (start === undefined) continue;
    // Late replies are no part of the load; of some imported results the end is not known.
    for (const point of points)
      if (!(point.atSeconds >= durationSeconds)) found.set(Number((start + point.atSeconds).toFixed(3)), point);
  }
  return found;
}
