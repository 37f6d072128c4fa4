import { showTime, unbroken } from '../numbers.ts';
import type { Report } from '../report.ts';
import { sectionsOf } from '../sections/index.ts';
import type { Section } from '../sections/section.ts';
import { blockHtml } from './html/blocks.ts';
import { documentRenderer, type PageAssets, type PageContent } from './html/document.ts';
import { shape, verdictMark } from './html/mark.ts';
import { html, type Content, type Html } from './html/markup.ts';

/** `report.html`. */
export function htmlRenderer(assets: PageAssets): (report: Report) => string {
  const documentOf = documentRenderer(assets);
  return (report) => documentOf(pageOf(report));
}

function pageOf(report: Report): PageContent {
  const sections = sectionsOf(report).filter(({ flat }) => flat !== true);
  const [first, named] = [sections.filter((each) => each.lead), sections.filter((each) => !each.lead)];
  return {
    title: `${report.summary.verdict}: ${report.summary.plan.name}, Plimsoll report`,
    masthead: masthead(report),
    main: html`<main>
      ${verdictHtml(report)} ${first.map((each) => leadHtml(each, blocksOf(each)))} ${contents(named)}
      ${named.map((each) => sectionHtml(each, blocksOf(each)))}
    </main>`,
    footer: footer(report),
    charts: sections.flatMap(({ blocks }) => blocks.filter((block) => block.block === 'charts')),
  };
}

export const blocksOf = ({ blocks }: Section): Content => blocks.map(blockHtml);

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
export const sectionHtml = ({ id, title }: Section, body: Content): Html =>
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

export const contents = (sections: readonly Section[]): Html =>
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
