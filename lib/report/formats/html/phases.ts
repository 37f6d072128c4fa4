import type { Verdict } from '../../../analysis/verdict.ts';
import { showMeasured } from '../../figures.ts';
import { counted, showPerSecond, showRatio, showSeconds, showUs } from '../../numbers.ts';
import type { Report } from '../../report.ts';
import type { JudgedObjective } from '../../../analysis/phase.ts';
import type { PhaseSummary } from '../../summary.ts';
import { verdictMark } from './mark.ts';
import { html, type Content, type Html } from './markup.ts';
import type { Section } from './section.ts';
import { num, table, text, type Row } from './table.ts';

const COLUMNS = [
  text('Phase'),
  text('Verdict'),
  text('Load'),
  num('Duration'),
  num('p50'),
  num('p95'),
  num('p99'),
  num('p99 service'),
  num('Errors'),
  num('Carried', 'requests'),
  num('Start delay p99'),
];

/** The phases in order; below each, its objectives with value and limit. */
export function phaseSection(report: Report): Section {
  const { phases } = report.summary;
  const body =
    phases.length === 0
      ? html`<p class="quiet">No phase ran, so nothing was measured.</p>`
      : table(
          'Phases',
          COLUMNS,
          phases.map((phase) => row(report, phase)),
        );
  return { id: 'phases', title: 'Phases', body };
}

function row(report: Report, phase: PhaseSummary): Row {
  const { responseTimeUs: response, serviceTimeUs: service } = phase;
  const cells: Content[] = [
    html`${phase.name} <small>${nature(phase)}</small>`,
    html`${verdictMark(phase.verdict)}${phase.objectives.length === 0 && html` <small>no objectives</small>`}`,
    html`<span class="load">${phase.load}</span>`,
    showSeconds(phase.durationSeconds),
    showUs(response.p50),
    showUs(response.p95),
    showUs(response.p99),
    showUs(service.p99),
    showRatio(phase.errorRatio),
    showPerSecond(phase.throughputPerSecond),
    showUs(phase.startDelayUs.p99),
  ];
  return { cells, more: more(report, phase) };
}

/** What the name doesn't say. */
const nature = ({ name, kind, model }: PhaseSummary): string =>
  kind === name ? `${model} model` : `${kind}, ${model} model`;

function more(report: Report, phase: PhaseSummary): Content {
  const reasons = phase.validity.reasons.map(
    (reason) => html`<p class="reason">${phase.validity.verdict === 'void' ? 'Void: ' : ''}${reason}</p>`,
  );
  if (phase.objectives.length === 0) return reasons.length > 0 && reasons;
  const missed = phase.objectives.some(({ verdict }) => verdict !== 'pass');
  return [
    reasons,
    html`<details${missed && html` open`}><summary>${tally(phase.objectives)}</summary>
<ul class="objectives">${phase.objectives.map((each) => objective(report, each))}</ul></details>`,
  ];
}

const objective = (report: Report, judged: JudgedObjective): Html =>
  html`<li>
    ${verdictMark(judged.verdict)} <code>${judged.objective}</code>
    <span>measured <b>${showMeasured(report, judged)}</b></span>
  </li>`;

const ORDER: readonly Verdict[] = ['fail', 'warn', 'void', 'unknown', 'pass'];

/** `4 objectives: 1 fail, 3 pass`. */
function tally(objectives: readonly JudgedObjective[]): string {
  const parts = ORDER.map(
    (verdict) => [verdict, objectives.filter((each) => each.verdict === verdict).length] as const,
  );
  const told = parts.filter(([, count]) => count > 0).map(([verdict, count]) => `${count} ${verdict}`);
  return `${counted(objectives.length, 'objective')}: ${told.join(', ')}`;
}
