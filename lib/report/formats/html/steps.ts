import { counted, showCount, showUs } from '../../numbers.ts';
import type { PhaseSummary, StepSummary, Summary } from '../../summary.ts';
import { html, type Content, type Html } from './markup.ts';
import type { Section } from './section.ts';
import { num, table, text, type Row } from './table.ts';

const STEPS = [
  text('Step'),
  text('Scenario'),
  num('Sent', 'requests'),
  num('OK', 'requests'),
  num('Failed', 'requests'),
  num('Timed out', 'requests'),
  num('p50'),
  num('p95'),
  num('p99'),
  num('Max'),
  num('p99 service'),
];

const LEDGER = [
  text('Phase'),
  num('Due', 'arrivals'),
  num('Started', 'arrivals'),
  num('Dropped', 'arrivals'),
  num('Completed', 'arrivals'),
  num('Abandoned', 'arrivals'),
  num('Cut', 'arrivals'),
  num('Sent', 'requests'),
  num('OK', 'requests'),
  num('Failed', 'requests'),
  num('Timed out', 'requests'),
  num('Cut', 'requests'),
];

/** Each phase's steps, folded, and the ledger, in which every arrival and every request is accounted for. */
export function stepSection({ phases }: Summary): readonly Section[] {
  if (phases.length === 0) return [];
  const body = html`${phases.map(phaseSteps)}
    <h3>Ledger</h3>
    <p class="note">
      Due = started + dropped. Started = completed + abandoned + cut. Sent = OK + failed + timed out + cut.
    </p>
    ${table('Ledger of arrivals and requests', LEDGER, phases.map(ledgerRow))}`;
  return [{ id: 'steps', title: 'Scenarios and steps', body }];
}

function phaseSteps({ name, scenarios }: PhaseSummary): Html {
  const rows = scenarios.flatMap(({ name: scenario, steps }) => steps.map((step) => stepRow(scenario, step)));
  if (rows.length === 0) return html`<p class="quiet">${name}: no step was run.</p>`;
  return html`<details class="block">
    <summary>${name} <small>${counted(rows.length, 'step')}</small></summary>
    ${table(`Steps of ${name}`, STEPS, rows)}
  </details>`;
}

function stepRow(scenario: string, { name, ledger, responseTimeUs, serviceTimeUs }: StepSummary): Row {
  const cells: Content[] = [
    name,
    scenario,
    ...[ledger.sent, ledger.ok, ledger.failed, ledger.timedOut].map(showCount),
    showUs(responseTimeUs.p50),
    showUs(responseTimeUs.p95),
    showUs(responseTimeUs.p99),
    showUs(responseTimeUs.max),
    showUs(serviceTimeUs.p99),
  ];
  return { cells };
}

function ledgerRow({ name, arrivals, ledger }: PhaseSummary): Row {
  const { due, started, dropped, completed, abandoned, cut } = arrivals;
  const counts = [
    due,
    started,
    dropped,
    completed,
    abandoned,
    cut,
    ledger.sent,
    ledger.ok,
    ledger.failed,
    ledger.timedOut,
  ];
  return { cells: [name, ...[...counts, ledger.cut].map(showCount)] };
}
