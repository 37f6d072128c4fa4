import type { Percentiles } from '../../../measure/histogram.ts';
import type { Point } from '../../../measure/measurement.ts';
import { failureCounts, TIMED_OUT } from '../../figures.ts';
import { type ImportedPhase, importedPhases, isImported, toolsOf } from '../../imported-words.ts';
import { isPresent, type Figure } from '../../numbers.ts';
import { formatNumber } from '../../../units.ts';
import type { Report } from '../../report.ts';
import type { Summary } from '../../summary.ts';
import { rounded, type Chart, type Series } from './chart.ts';

/**
 * A moment of the run; without a point where nothing was measured, so that no line runs across a pause. Not `within` where
 * a phase was over and only late replies came in.
 */
interface Moment {
  readonly within: boolean;
  readonly atSeconds: number;
  readonly seconds: number;
  readonly point: Point | undefined;
}

function momentsOf({ timeline }: Report): readonly Moment[] {
  const measured = timeline.flatMap(({ startSeconds, durationSeconds, points }) =>
    points.map((point) => ({
      within: point.atSeconds < durationSeconds,
      atSeconds: startSeconds + point.atSeconds,
      seconds: point.seconds,
      point,
    })),
  );
  const inOrder = measured.toSorted((a, b) => a.atSeconds - b.atSeconds);
  return inOrder.flatMap((moment, at): Moment[] => {
    const end = moment.atSeconds + moment.seconds;
    const next = inOrder[at + 1];
    const pause = next !== undefined && next.atSeconds > end + moment.seconds / 2;
    return pause ? [moment, { within: false, atSeconds: end, seconds: 0, point: undefined }] : [moment];
  });
}

/** The charts of the run on their common `xs`, in reading order: what users feel, what was asked and given, what went wrong. */
export function runCharts(report: Report): readonly Chart[] {
  const moments = momentsOf(report);
  const xs = moments.map(({ atSeconds }) => atSeconds);
  const line: Line = (label, tone, read) => ({
    label,
    tone,
    values: moments.map(({ point, within }) => (point === undefined ? null : rounded(read(point, within)))),
  });
  const charts = [responseTimes(line, report), loads(line, report), users(line, report), errors(line, report)];
  return [...charts, ...generator(line)].flatMap((chart) => (chart === undefined ? [] : [{ ...chart, xs }]));
}

type Line = (label: string, tone: string, read: (point: Point, within: boolean) => Figure) => Series;
type Drawn = Omit<Chart, 'xs'>;

/** Times that differ by more than this need a logarithmic axis, or the everyday ones lie flat on the ground. */
const LOG_FROM = 50;

/** Another tool has times of one kind only. */
const timesOf = ({ responseTimeUs, serviceTimeUs }: Point): Percentiles | undefined => responseTimeUs ?? serviceTimeUs;

function responseTimes(line: Line, report: Report): Drawn {
  const series: Series[] = [
    line('p50', 'p50', (point) => timesOf(point)?.p50),
    line('p95', 'p95', (point) => timesOf(point)?.p95),
    line('p99', 'p99', (point) => timesOf(point)?.p99),
    { ...line('p99 service time', 'service', (point) => point.serviceTimeUs?.p99), dashed: true },
  ];
  const times = series.flatMap(({ values }) => values.filter((value) => value !== null)).filter((value) => value > 0);
  const [low, high] = [times.reduce((a, b) => Math.min(a, b), Infinity), times.reduce((a, b) => Math.max(a, b), 0)];
  return {
    id: 'response-time',
    title: timesTitle(importedPhases(report.summary)),
    note: responseNote(report),
    unit: 'us',
    size: 'large',
    series,
    log: high / low > LOG_FROM,
  };
}

function timesTitle(imported: readonly ImportedPhase[]): string {
  if (imported.length === 0) return 'Response time';
  const tools = toolsOf(imported);
  return `Times as ${tools} ${imported.some(({ from }) => from.tool !== tools) ? 'count' : 'counts'} them`;
}

const responseNote = ({ summary }: Report): string =>
  summary.phases.some(({ model }) => model === 'open') && !isImported(summary)
    ? 'From the intended start. Where p99 leaves the dashed service time, requests waited before they were sent.'
    : 'Percentiles of each interval.';

/** Arrivals and requests have no common axis, so an arrival is drawn as the requests that it makes. */
function loads(line: Line, { summary }: Report): Drawn {
  const each = requestsPerArrival(summary);
  const scaled = each === 1 ? '' : ` × ${formatNumber(each)} requests`;
  return {
    id: 'load',
    title: 'Offered and carried',
    note: 'Where carried stays below offered, load was asked for and not carried.',
    unit: 'perSecond',
    size: 'large',
    series: [
      {
        ...line(`offered, arrivals${scaled}`, 'offered', (point, within) =>
          within && isPresent(point.offeredPerSecond) ? point.offeredPerSecond * each : null,
        ),
        dashed: true,
      },
      line('carried, successful requests', 'carried', (point, within) => (within ? point.throughputPerSecond : null)),
    ],
  };
}

/** Of the phase with the longest journeys: where they are abandoned or cut they make fewer than the load asked for. */
function requestsPerArrival({ phases }: Summary): number {
  const ratios = phases.map(({ ledger, arrivals }) => (arrivals.started > 0 ? ledger.sent / arrivals.started : 0));
  const most = ratios.reduce((a, b) => Math.max(a, b), 0);
  return most > 1.05 ? most : 1;
}

const users = (line: Line, { summary }: Report): Drawn => ({
  id: 'users',
  title: 'Under way',
  note: summary.phases.some(({ model }) => model === 'open')
    ? 'Arrivals (open model) or users (closed) at the same time. A climb under steady load is a queue.'
    : 'Users at the same time.',
  unit: 'count',
  size: 'low',
  series: [line('under way', 'users', (point, within) => (within ? point.users : null))],
});

/** More lines than this can't be distinguished; the rest is drawn as one. */
const MOST_KINDS = 5;

function errors(line: Line, { summary }: Report): Drawn | undefined {
  const kinds = failureCounts(summary).map(({ kind }) => kind);
  if (kinds.length === 0) return undefined;
  const shown = kinds.length > MOST_KINDS ? kinds.slice(0, MOST_KINDS - 1) : kinds;
  const rest = kinds.slice(shown.length);
  const series = shown.map((kind, at) => line(kind, `error${at + 1}`, (point) => failedPerSecond(point, [kind])));
  const others =
    rest.length > 0 ? [line('other kinds', `error${MOST_KINDS}`, (point) => failedPerSecond(point, rest))] : [];
  return {
    id: 'errors',
    title: 'Errors by kind',
    note: 'Requests that failed or timed out, on an axis of their own.',
    unit: 'perSecond',
    size: 'low',
    series: [...series, ...others],
  };
}

function failedPerSecond({ ledger, seconds }: Point, kinds: readonly string[]): number | undefined {
  const counts = kinds.map((kind) => (kind === TIMED_OUT ? ledger.timedOut : (ledger.failures[kind] ?? 0)));
  const sum = counts.reduce((a, b) => a + b, 0);
  return isPresent(sum) ? sum / seconds : undefined;
}

/** The generator's own health, small: it matters only when it is bad, and then the phase is void. */
const generator = (line: Line): readonly Drawn[] => [
  {
    id: 'generator-cpu',
    title: 'Generator CPU',
    note: 'Share of its cores.',
    unit: 'ratio',
    size: 'small',
    series: [line('CPU', 'generator', (point) => point.generatorCpuRatio)],
  },
  {
    id: 'generator-delay',
    title: 'Start delay, p99',
    note: 'The generator’s own lateness.',
    unit: 'us',
    size: 'small',
    series: [line('start delay', 'generator', (point) => point.startDelayP99Us)],
  },
];
