import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PageAssets } from '../report/html.ts';

const require = createRequire(import.meta.url);

const own = (name: string): string => readFileSync(new URL(`../report/html/${name}`, import.meta.url), 'utf8');

/** Reads what report.html holds within itself, from uPlot's package and from the page's own folder. */
export const readReportAssets = (): PageAssets => ({
  uplotJs: readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
  uplotCss: readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
  pageJs: own('page.js'),
  pageCss: ['colours.css', 'page.css', 'parts.css', 'tables.css', 'charts.css', 'print.css'].map(own).join('\n'),
});
