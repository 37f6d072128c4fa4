import type { Comparison } from '../../analysis/compare/compare.ts';
import type { ShiftVerdict } from '../../analysis/compare/judge.ts';
import type { Verdict } from '../../analysis/verdict.ts';
import { comparisonHeadline, comparisonSections } from '../comparison.ts';
import { coursesSection, type RunCourse } from '../courses.ts';
import { unbroken } from '../numbers.ts';
import { blocksOf, contents, sectionHtml } from './html.ts';
import { documentRenderer, type PageAssets } from './html/document.ts';
import { shape, verdictMark } from './html/mark.ts';
import { html } from './html/markup.ts';

/** How a verdict on shifts looks; the word beside it says which it is. */
const MARKS: Readonly<Record<ShiftVerdict, Verdict>> = {
  better: 'pass',
  same: 'pass',
  worse: 'fail',
  differs: 'warn',
  unclear: 'unknown',
};

/** The courses of both sides. */
export interface Courses {
  readonly baselines: readonly RunCourse[];
  readonly runs: readonly RunCourse[];
}

/** A comparison as a page of its own. */
export function comparisonHtml(assets: PageAssets): (comparison: Comparison, courses: Courses) => string {
  const documentOf = documentRenderer(assets);
  return (comparison, { baselines, runs }) => {
    const courses = coursesSection(baselines, runs);
    const sections = [...comparisonSections(comparison), ...(courses === undefined ? [] : [courses])];
    const { verdict } = comparison;
    return documentOf({
      title: `${verdict}: ${comparison.runs.join(', ')}, Plimsoll comparison`,
      masthead: html`<header class="masthead">
        <p class="brand">${shape('ring')} Plimsoll</p>
        <dl class="meta">
          <div>
            <dt>Baselines</dt>
            <dd>${comparison.baselines.join(', ')}</dd>
          </div>
          <div>
            <dt>Runs</dt>
            <dd>${comparison.runs.join(', ')}</dd>
          </div>
        </dl>
      </header>`,
      main: html`<main>
        <section class="lead" aria-label="Verdict">
          ${verdictMark(MARKS[verdict], verdict)}
          <h1>${unbroken(comparisonHeadline(comparison))}</h1>
        </section>
        ${contents(sections)} ${sections.map((each) => sectionHtml(each, blocksOf(each)))}
      </main>`,
      footer: html`<footer><p>Plimsoll: docs/compare.md says how it is computed.</p></footer>`,
      charts: sections.flatMap(({ blocks }) => blocks.filter((block) => block.block === 'charts')),
    });
  };
}
