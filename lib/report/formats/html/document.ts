import { createHash } from 'node:crypto';
import type { Charts } from '../../sections/section.ts';
import { chartData } from './chart.ts';
import { icon, sprite } from './mark.ts';
import { html, Html, jsonScript } from './markup.ts';

/** Texts that a page holds within itself: uPlot's and its own. */
export interface PageAssets {
  readonly uplotJs: string;
  readonly uplotCss: string;
  readonly pageJs: string;
  readonly pageCss: string;
}

/** What is on a page. */
export interface PageContent {
  readonly title: string;
  readonly masthead: Html;
  /** The element of this name. */
  readonly main: Html;
  readonly footer: Html;
  /** Those that are drawn on it. */
  readonly charts: readonly Charts[];
}

/**
 * One file that loads nothing, opens from disk, and shows everything without scripts too. Its content security policy allows the two
 * scripts by their hashes and no connection at all.
 */
export function documentRenderer(assets: PageAssets): (page: PageContent) => string {
  const style = new Html(`<style>${assets.uplotCss}\n${assets.pageCss}</style>`);
  const sources = [assets.uplotJs, assets.pageJs].map((source) => source.replaceAll('</script', String.raw`<\/script`));
  const scripts = sources.map(
    (source, at) => new Html(`<script${at === 0 ? '' : ' type="module"'}>${source}</script>\n`),
  );
  const hashes = sources.map((source) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`);
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}`;
  return (page) =>
    documentHtml(page, html`<meta http-equiv="Content-Security-Policy" content="${policy}" /> ${style}`, scripts);
}

function documentHtml(
  { title, masthead, main, footer, charts }: PageContent,
  head: Html,
  scripts: readonly Html[],
): string {
  const data = chartData(charts);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${icon} ${head}
      </head>
      <body>
        ${sprite} ${masthead} ${main} ${footer} ${data !== undefined && [jsonScript('chart-data', data), ...scripts]}
      </body>
    </html> `.text;
}
