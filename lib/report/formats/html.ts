import { createHash } from 'node:crypto';
import { sectionsOf } from '../sections/index.ts';
import type { Section } from '../sections/section.ts';
import { blockHtml } from './html/blocks.ts';
import { chartData } from './html/chart.ts';
import { footer } from './html/footer.ts';
import { icon, sprite } from './html/mark.ts';
import { html, Html, jsonScript, type Content } from './html/markup.ts';
import { lead, masthead } from './html/masthead.ts';
import { contents, leadHtml, sectionHtml } from './html/section.ts';
import type { Report } from '../report.ts';

/** Texts that the page holds within itself: uPlot's and its own. */
export interface PageAssets {
  readonly uplotJs: string;
  readonly uplotCss: string;
  readonly pageJs: string;
  readonly pageCss: string;
}

/**
 * `report.html`: one file that loads nothing, opens from disk, and shows everything without scripts too. Its content
 * security policy allows the two scripts by their hashes and no connection at all.
 */
export function htmlRenderer(assets: PageAssets): (report: Report) => string {
  const style = new Html(`<style>${assets.uplotCss}\n${assets.pageCss}</style>`);
  const sources = [assets.uplotJs, assets.pageJs].map((source) => source.replaceAll('</script', String.raw`<\/script`));
  const scripts = sources.map(
    (source, at) => new Html(`<script${at === 0 ? '' : ' type="module"'}>${source}</script>\n`),
  );
  const hashes = sources.map((source) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`);
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}`;
  return (report) =>
    page(report, html`<meta http-equiv="Content-Security-Policy" content="${policy}" /> ${style}`, scripts);
}

function page(report: Report, head: Html, scripts: readonly Html[]): string {
  const sections = sectionsOf(report).filter(({ flat }) => flat !== true);
  const [first, named] = [sections.filter((each) => each.lead), sections.filter((each) => !each.lead)];
  const data = chartData(sections.flatMap(({ blocks }) => blocks.filter((block) => block.block === 'charts')));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${report.summary.verdict}: ${report.summary.plan.name}, Plimsoll report</title>
        ${icon} ${head}
      </head>
      <body>
        ${sprite} ${masthead(report)}
        <main>
          ${lead(report)} ${first.map((each) => leadHtml(each, body(each)))} ${contents(named)}
          ${named.map((each) => sectionHtml(each, body(each)))}
        </main>
        ${footer(report)} ${data !== undefined && [jsonScript('chart-data', data), ...scripts]}
      </body>
    </html> `.text;
}

const body = ({ blocks }: Section): Content => blocks.map(blockHtml);
