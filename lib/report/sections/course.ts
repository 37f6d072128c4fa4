import type { SignalSeries } from '../../signals/signal.ts';
import { MISSING, showIn } from '../numbers.ts';
import type { Report } from '../report.ts';
import { frameOf, rounded, type Chart } from './charts/chart.ts';
import { runCharts } from './charts/run.ts';
import type { Block, SectionOf } from './section.ts';

/** All charts on one time axis, the run's own first. Only the page draws: Markdown and terminals have lines. */
export const courseSection: SectionOf = (report) => ({
  id: 'charts',
  title: 'Course of the run',
  detail: true,
  blocks: drawings(report),
});

function drawings(report: Report): readonly Block[] {
  const frame = frameOf(report);
  if (frame.bands.length === 0) return [quiet('Nothing to draw.')];
  const charts = runCharts(report);
  const [signals, hasErrors] = [signalCharts(report), charts.some(({ id }) => id === 'errors')];
  const group = (title: string, own: readonly Chart[]): Block => ({ block: 'charts', title, frame, charts: own });
  return [
    { block: 'charts', frame, charts: charts.filter(({ size }) => size !== 'small') },
    ...(hasErrors ? [] : [quiet('No errors in the whole run.')]),
    ...(signals.length === 0 ? [] : [group('Signals of the system', signals)]),
    group(
      'The generator itself',
      charts.filter(({ size }) => size === 'small'),
    ),
  ];
}

const quiet = (text: string): Block => ({ block: 'sentence', tone: 'quiet', text });

/** Small multiples, those of one resource side by side, resources in the order in which they first come. */
export function signalCharts({ signals }: Report): readonly Chart[] {
  const drawn = [...signals.entries()].filter(([, { unit }]) => unit !== 'moment');
  const groups = Map.groupBy(drawn, ([, { id }]) => resourceOf(id));
  return [...groups.values()].flat().map(([at, each]) => signalChart(each, at));
}

/** `database` of `database.connections`. */
const resourceOf = (id: string): string => id.split('.')[0] ?? id;

/** Ids of signals come from outside, so the element's id is made of the place in the list. */
function signalChart(signal: SignalSeries, place: number): Chart {
  const limit = limitOf(signal);
  return {
    id: `signal-${place}`,
    title: signal.title,
    resource: resourceOf(signal.id),
    ...noteOf(signal),
    unit: signal.unit,
    xs: signal.points.map(([atSeconds]) => atSeconds),
    series: [{ label: signal.kind, tone: signal.kind, values: signal.points.map(([, value]) => rounded(value)) }],
    size: 'small',
    ...(limit !== undefined && { limit }),
  };
}

function limitOf({ limit }: SignalSeries): number | undefined {
  if (limit === undefined) return undefined;
  return 'above' in limit ? limit.above : limit.below;
}

/** The extreme that matters, and whether it crossed the limit: in words, since the line is small. */
function noteOf({ points, unit, limit }: SignalSeries): Pick<Chart, 'note' | 'crossed'> {
  const values = points.map(([, value]) => value).filter((value) => Number.isFinite(value));
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (values.length === 0) return { note: MISSING };
  if (limit === undefined) return { note: `max ${showIn(unit, high)}` };
  const [name, worst, bound, crossed] =
    'above' in limit ? ['max', high, limit.above, high > limit.above] : ['min', low, limit.below, low < limit.below];
  const value = `${name} ${showIn(unit, worst)}`;
  return crossed
    ? { note: `${value}, beyond the limit of ${showIn(unit, bound)}`, crossed: true }
    : { note: `${value}, limit ${showIn(unit, bound)}` };
}
