import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageAssets } from '../../report/formats/html/document.ts';

const require = createRequire(import.meta.url);

const STYLES = ['colours.css', 'page.css', 'parts.css', 'tables.css', 'charts.css', 'print.css'];

const read = (path: string): string => readFileSync(path, 'utf8');

/** Reads what report.html holds within itself, from uPlot's package and from the page's own folder. */
export const readReportAssets = (): PageAssets => ({
  uplotJs: read(require.resolve('uplot/dist/uPlot.iife.min.js')),
  uplotCss: read(require.resolve('uplot/dist/uPlot.min.css')),
  ...ownAssets(fileURLToPath(new URL('../../report/formats/html', import.meta.url))),
});

/** The same from one folder that holds all of these files, as beside a bundled function. */
export const readBundledAssets = (folder: string): PageAssets => ({
  uplotJs: read(join(folder, 'uPlot.iife.min.js')),
  uplotCss: read(join(folder, 'uPlot.min.css')),
  ...ownAssets(folder),
});

const ownAssets = (folder: string): Pick<PageAssets, 'pageJs' | 'pageCss'> => ({
  pageJs: read(join(folder, 'page.js')),
  pageCss: STYLES.map((name) => read(join(folder, name))).join('\n'),
});
