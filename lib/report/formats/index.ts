import { renderCsv } from './csv.ts';
import type { PageAssets } from './html/document.ts';
import { htmlRenderer } from './html.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderOpenMetrics } from './openmetrics.ts';
import type { Report } from '../report.ts';

/** `summary.json`: what other programs read, CI first among them. */
const renderJson = (report: Report): string => `${JSON.stringify(report.summary, null, 2)}\n`;

/** The formats of a report. Each `render` is pure: the same report gives the same bytes. */
export const renderersWith = (assets: PageAssets) =>
  [
    { format: 'html', fileName: 'report.html', render: htmlRenderer(assets) },
    { format: 'markdown', fileName: 'report.md', render: renderMarkdown },
    { format: 'csv', fileName: 'intervals.csv', render: renderCsv },
    { format: 'json', fileName: 'summary.json', render: renderJson },
    { format: 'junit', fileName: 'junit.xml', render: renderJunit },
    { format: 'openmetrics', fileName: 'metrics.txt', render: renderOpenMetrics },
  ] as const;
