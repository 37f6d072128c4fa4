import { createHash } from 'node:crypto';
import { showTime, unbroken } from '../numbers.ts';
import type { Report } from '../report.ts';
import { sectionsOf } from '../sections/index.ts';
import type { Section } from '../sections/section.ts';
import { blockHtml } from './html/blocks.ts';
import { chartData } from './html/chart.ts';
import { icon, shape, sprite, verdictMark } from './html/mark.ts';
import { html, Html, jsonScript, type Content } from './html/markup.ts';

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
          ${verdictHtml(report)} ${first.map((each) => leadHtml(each, blocksOf(each)))} ${contents(named)}
          ${named.map((each) => sectionHtml(each, blocksOf(each)))}
        </main>
        ${footer(report)} ${data !== undefined && [jsonScript('chart-data', data), ...scripts]}
      </body>
    </html> `.text;
}

const blocksOf = ({ blocks }: Section): Content => blocks.map(blockHtml);

/** What ran, against what, and when. */
const masthead = ({ summary }: Report): Html =>
  html`<header class="masthead">
    <p class="brand">${shape('ring')} Plimsoll</p>
    <dl class="meta">
      <div>
        <dt>Plan</dt>
        <dd>${summary.plan.name}</dd>
      </div>
      <div>
        <dt>Target</dt>
        <dd>${summary.target}</dd>
      </div>
      <div>
        <dt>Date</dt>
        <dd><time datetime="${summary.run.startedAt}">${showTime(summary.run.startedAt)}</time></dd>
      </div>
    </dl>
  </header>`;

/** What is read first: the verdict, and in one sentence what came of it. */
const verdictHtml = ({ summary, headline }: Report): Html =>
  html`<section class="lead" aria-label="Verdict">
    ${verdictMark(summary.verdict)}${summary.partial && html` <span class="partial">partial run</span>`}
    <h1>${unbroken(headline)}</h1>
  </section>`;

/** A part of the page that the contents name. */
const sectionHtml = ({ id, title }: Section, body: Content): Html =>
  html`<section id="${id}">
    <h2>${title}</h2>
    ${body}
  </section>`;

/** A part that is read before the contents. */
const leadHtml = ({ id, title, lead }: Section, body: Content): Html =>
  lead === 'unnamed'
    ? html`<section class="${id}" aria-label="${title}">${body}</section>`
    : html`<section class="${id}">
        <h2>${title}</h2>
        ${body}
      </section>`;

const contents = (sections: readonly Section[]): Html =>
  html`<nav aria-label="Contents">
    <ul>
      ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;

/** What makes the run and its plan known again. */
const footer = ({ summary: { run, plan } }: Report): Html =>
  html`<footer>
    <p>
      Run <code>${run.id}</code>, ended ${showTime(run.endedAt)}. Plan
      <code>${plan.sha256.slice(0, 12)}</code> (SHA-256). Plimsoll ${run.version}.
    </p>
  </footer>`;
