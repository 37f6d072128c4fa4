import type { Statement } from '../../../signals/signal.ts';
import { bottleneckName, failureCounts } from '../../figures.ts';
import { showCount, showRatio, showUs, unbroken } from '../../numbers.ts';
import type { Report } from '../../report.ts';
import type { Summary } from '../../summary.ts';
import { html, type Html } from './markup.ts';
import type { Section } from './section.ts';
import { num, table, text } from './table.ts';

export function failureSection(summary: Summary): Section {
  const failures = failureCounts(summary);
  const sent = summary.phases.reduce((sum, { ledger }) => sum + ledger.sent, 0);
  const all = failures.reduce((sum, { count }) => sum + count, 0);
  const rows = failures.map(({ kind, meaning, count, byPhase }) => ({
    cells: [
      html`<code>${kind}</code>`,
      meaning,
      showCount(count),
      showRatio(count / all),
      byPhase.map(([phase, own]) => `${phase} ${showCount(own)}`).join(', '),
    ],
  }));
  const columns = [text('Kind'), text('Meaning'), num('Count', 'requests'), num('Share'), text('Where')];
  const body =
    rows.length === 0
      ? html`<p class="quiet">${sent > 0 ? 'No request failed.' : 'No request was made.'}</p>`
      : table('Failures by kind', columns, rows);
  return { id: 'failures', title: 'Failures by kind', body };
}

/** Enough of a statement to know it by. */
const MOST_TEXT = 600;

export function statementSection({ statements }: Report): readonly Section[] {
  if (statements.length === 0) return [];
  const all = statements.reduce((sum, { totalUs }) => sum + totalUs, 0);
  const cells = ({ text: own, calls, meanUs, totalUs }: Statement): readonly (string | Html)[] => [
    html`<code class="statement">${own.length > MOST_TEXT ? `${own.slice(0, MOST_TEXT)} …` : own}</code>`,
    showCount(calls),
    showUs(meanUs),
    showUs(totalUs),
    showRatio(totalUs / all),
  ];
  const columns = [text('Statement'), num('Calls', 'count'), num('Mean'), num('Total'), num('Share of these')];
  const rows = statements.map((each) => ({ cells: cells(each) }));
  return [{ id: 'statements', title: 'Slowest statements', body: table('Slowest statements', columns, rows) }];
}

export function bottleneckSection({ bottleneck }: Summary): readonly Section[] {
  if (bottleneck === undefined) return [];
  const { confidence, evidence, remedy } = bottleneck;
  const body = html`<p class="finding">
      <strong>${bottleneckName(bottleneck)}</strong> <span>${confidence} confidence</span>
    </p>
    <ul>
      ${evidence.map((each) => html`<li>${unbroken(each)}</li>`)}
    </ul>
    ${remedy !== '' && html`<p><b>Remedy.</b> ${unbroken(remedy)}</p>`}`;
  return [{ id: 'bottleneck', title: 'What gives way first', body }];
}

export function adviceSections({ recommendations, nextSteps }: Report): readonly Section[] {
  const advice = html`<ol class="advice">
    ${recommendations.map(({ text: own, because }) => html`<li>${unbroken(own)} <span>Why: ${unbroken(because)}</span></li>`)}
  </ol>`;
  const next = html`<ol>
    ${nextSteps.map((step) => html`<li>${unbroken(step)}</li>`)}
  </ol>`;
  return [
    ...(recommendations.length > 0 ? [{ id: 'recommendations', title: 'Recommendations', body: advice }] : []),
    ...(nextSteps.length > 0 ? [{ id: 'next', title: 'Next steps', body: next }] : []),
  ];
}
