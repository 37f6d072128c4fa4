import { showTime, unbroken } from '../../numbers.ts';
import type { Report } from '../../report.ts';
import { shape, verdictMark } from './mark.ts';
import { html, type Html } from './markup.ts';

/** What ran, against what, and when. */
export const masthead = ({ summary }: Report): Html =>
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
export const lead = ({ summary, headline }: Report): Html =>
  html`<section class="lead" aria-label="Verdict">
    ${verdictMark(summary.verdict)}${summary.partial && html` <span class="partial">partial run</span>`}
    <h1>${unbroken(headline)}</h1>
  </section>`;
