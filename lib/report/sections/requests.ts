import type { PhaseFindings, StepFindings } from '../../analysis/phase.ts';
import { failureCounts, type FailureCount } from '../figures.ts';
import { showCount, showRatio, showUs } from '../numbers.ts';
import type { Summary } from '../summary.ts';
import { code, figures, tableOf, text, type Block, type SectionOf, type Table } from './section.ts';

export const failuresSection: SectionOf = ({ summary }) => {
  const counts = failureCounts(summary);
  const title = 'Failures by kind';
  if (counts.length === 0) return { id: 'failures', title, detail: true, blocks: [none(summary)] };
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const table = tableOf<FailureCount>(
    title,
    [
      ['Kind', ({ kind }) => code(kind)],
      ['Meaning', ({ meaning }) => text(meaning)],
      figures({ title: 'Count', unit: 'requests' }, ({ count }) => showCount(count)),
      figures('Share', ({ count }) => showRatio(count / all)),
      ['Where', ({ byPhase }) => text(byPhase.map(([phase, own]) => `${phase} ${showCount(own)}`).join(', '))],
    ],
    counts,
  );
  return { id: 'failures', title, blocks: [table] };
};

/** That nothing failed means something only where something was sent. */
function none({ phases }: Summary): Block {
  const sent = phases.reduce((sum, { ledger }) => sum + ledger.sent, 0);
  return { block: 'sentence', tone: 'quiet', text: sent > 0 ? 'No request failed.' : 'No request was made.' };
}

interface Step {
  readonly scenario: string;
  readonly step: StepFindings;
}

/** The steps of each phase, and the ledger, in which every arrival and every request is accounted for. */
export const stepsSection: SectionOf = ({ summary: { phases } }) => {
  if (phases.length === 0) return undefined;
  const groups = phases.map((phase) => ({
    name: phase.name,
    empty: `${phase.name}: no step was run.`,
    table: stepTable(phase),
  }));
  return {
    id: 'steps',
    title: 'Scenarios and steps',
    folded: true,
    blocks: [
      { block: 'groups', column: 'Phase', noun: 'step', groups },
      { block: 'heading', title: 'Ledger', detail: true },
      {
        block: 'sentence',
        tone: 'note',
        text: 'Due = started + dropped. Started = completed + abandoned + cut. Sent = OK + failed + timed out + cut.',
        detail: true,
      },
      { ...ledgerTable(phases), detail: true },
    ],
  };
};

const stepTable = ({ name, scenarios }: PhaseFindings): Table =>
  tableOf<Step>(
    `Steps of ${name}`,
    [
      ['Step', ({ step }) => text(step.name)],
      ['Scenario', ({ scenario }) => text(scenario)],
      figures({ title: 'Sent', unit: 'requests' }, ({ step }) => showCount(step.ledger.sent)),
      figures({ title: 'OK', unit: 'requests', detail: true }, ({ step }) => showCount(step.ledger.ok)),
      figures({ title: 'Failed', unit: 'requests' }, ({ step }) => showCount(step.ledger.failed)),
      figures({ title: 'Timed out', unit: 'requests' }, ({ step }) => showCount(step.ledger.timedOut)),
      figures('p50', ({ step }) => showUs(step.responseTimeUs.p50)),
      figures('p95', ({ step }) => showUs(step.responseTimeUs.p95)),
      figures('p99', ({ step }) => showUs(step.responseTimeUs.p99)),
      figures({ title: 'Max', detail: true }, ({ step }) => showUs(step.responseTimeUs.max)),
      figures('p99 service', ({ step }) => showUs(step.serviceTimeUs.p99)),
    ],
    scenarios.flatMap(({ name: scenario, steps: own }) => own.map((step) => ({ scenario, step }))),
  );

const arrivals = (title: string, read: (own: PhaseFindings['arrivals']) => number) =>
  figures<PhaseFindings>({ title, unit: 'arrivals' }, (phase) => showCount(read(phase.arrivals)));

const requests = (title: string, read: (own: PhaseFindings['ledger']) => number) =>
  figures<PhaseFindings>({ title, unit: 'requests' }, (phase) => showCount(read(phase.ledger)));

const ledgerTable = (phases: readonly PhaseFindings[]): Table =>
  tableOf<PhaseFindings>(
    'Ledger of arrivals and requests',
    [
      ['Phase', ({ name }) => text(name)],
      arrivals('Due', ({ due }) => due),
      arrivals('Started', ({ started }) => started),
      arrivals('Dropped', ({ dropped }) => dropped),
      arrivals('Completed', ({ completed }) => completed),
      arrivals('Abandoned', ({ abandoned }) => abandoned),
      arrivals('Cut', ({ cut }) => cut),
      requests('Sent', ({ sent }) => sent),
      requests('OK', ({ ok }) => ok),
      requests('Failed', ({ failed }) => failed),
      requests('Timed out', ({ timedOut }) => timedOut),
      requests('Cut', ({ cut }) => cut),
    ],
    phases,
  );
