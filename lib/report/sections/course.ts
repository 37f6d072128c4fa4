import type { Report } from '../report.ts';
import type { Chart } from './charts/chart.ts';
import { frameOf } from './charts/frame.ts';
import { runCharts } from './charts/run.ts';
import { signalCharts } from './charts/signals.ts';
import type { Block, SectionOf } from './section.ts';

/** All charts on one time axis, the run's own first. Only the page draws: Markdown and terminals have lines. */
export const course: SectionOf = (report) => ({
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
