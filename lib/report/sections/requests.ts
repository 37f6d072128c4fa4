import type { PhaseFindings, StepFindings } from '../../analysis/phase.ts';
import type { TimesUs } from '../../measure/times.ts';
import type { FailureClass } from '../../measure/failures.ts';
import type { Provenance } from '../../measure/provenance.ts';
import { counted } from '../../units.ts';
import { failureCounts, frequentFailures, TIMED_OUT, type FailureCount } from '../figures.ts';
import { givenTimesOf } from '../imported-words.ts';
import { showCount, showRatio, showUs } from '../numbers.ts';
import type { Summary } from '../summary.ts';
import { codeCell, figureColumn, tableOf, textCell, type Block, type SectionOf, type Table } from './section.ts';

export const failuresSection: SectionOf = ({ summary }) => {
  const counts = failureCounts(summary);
  const title = 'Failures by kind';
  if (counts.length === 0) return { id: 'failures', title, detail: true, blocks: [none(summary)] };
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const table = tableOf<FailureCount>(
    title,
    [
      ['Kind', ({ kind }) => codeCell(kind)],
      ['Meaning', ({ meaning }) => textCell(meaning)],
      figureColumn({ title: 'Count', unit: 'requests' }, ({ count }) => showCount(count)),
      figureColumn('Share', ({ count }) => showRatio(count / all)),
      ['Where', ({ byPhase }) => textCell(byPhase.map(([phase, own]) => `${phase} ${showCount(own)}`).join(', '))],
    ],
    counts,
  );
  return {
    id: 'failures',
    title,
    blocks: [table, { block: 'heading', title: 'Failures by class' }, classTable(summary)],
  };
};

const CLASSES: readonly (FailureClass | typeof TIMED_OUT)[] = [
  '4xx',
  '5xx',
  'other status',
  'connection',
  'reply',
  TIMED_OUT,
  'generator',
];

/** A phase a row, a class that any of them has a column. */
const classTable = ({ phases }: Summary): Table =>
  tableOf<PhaseFindings>(
    'Failures by class',
    [
      ['Phase', ({ name }) => textCell(name)],
      ...CLASSES.filter((name) => phases.some((phase) => phase.failuresByClass?.[name] !== undefined)).map((name) =>
        figureColumn<PhaseFindings>({ title: name, unit: 'requests' }, (phase) =>
          showCount(phase.failuresByClass?.[name] ?? 0),
        ),
      ),
    ],
    phases,
  );

/** What a person looks for first: which step, how, how often. */
export const frequentFailuresSection: SectionOf = ({ summary }) => {
  const items = frequentFailures(summary).map(({ kind, step, phase, count, ofSent, example }) => ({
    text: `${kind} at ${step} in ${phase}: ${counted(count, 'request')}, ${showRatio(ofSent)} of those sent there${example === undefined ? '' : `; ${example}`}.`,
  }));
  if (items.length === 0) return undefined;
  return { id: 'frequent-failures', title: 'Most frequent failures', brief: true, blocks: [{ block: 'list', items }] };
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
export const stepsSection: SectionOf = ({ summary: { phases, imported } }) => {
  if (phases.length === 0) return undefined;
  const groups = phases.map((phase) => ({
    name: phase.name,
    empty: `${phase.name}: no step was run.`,
    table: stepTable(phase, phase.imported ?? imported),
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

const timesOf = (imported: Provenance | undefined, step: StepFindings): TimesUs =>
  imported === undefined ? step.responseTimeUs : givenTimesOf(imported, step);

/** Of another tool's result the times that it has stand where our own have the response time. */
const stepTable = ({ name, scenarios }: PhaseFindings, imported: Provenance | undefined): Table =>
  tableOf<Step>(
    `Steps of ${name}`,
    [
      ['Step', ({ step }) => textCell(step.name)],
      ['Scenario', ({ scenario }) => textCell(scenario)],
      figureColumn({ title: 'Sent', unit: 'requests' }, ({ step }) => showCount(step.ledger.sent)),
      figureColumn({ title: 'OK', unit: 'requests', detail: true }, ({ step }) => showCount(step.ledger.ok)),
      figureColumn({ title: 'Failed', unit: 'requests' }, ({ step }) => showCount(step.ledger.failed)),
      figureColumn({ title: 'Timed out', unit: 'requests' }, ({ step }) => showCount(step.ledger.timedOut)),
      figureColumn('p50', ({ step }) => showUs(timesOf(imported, step).p50)),
      figureColumn('p95', ({ step }) => showUs(timesOf(imported, step).p95)),
      figureColumn('p99', ({ step }) => showUs(timesOf(imported, step).p99)),
      figureColumn({ title: 'Mean', detail: true }, ({ step }) => showUs(timesOf(imported, step).mean)),
      figureColumn({ title: 'Deviation', detail: true }, ({ step }) => showUs(timesOf(imported, step).deviation)),
      figureColumn({ title: 'Max', detail: true }, ({ step }) => showUs(timesOf(imported, step).max)),
      figureColumn('p99 service', ({ step }) => showUs(step.serviceTimeUs.p99)),
    ],
    scenarios.flatMap(({ name: scenario, steps: own }) => own.map((step) => ({ scenario, step }))),
  );

const arrivals = (title: string, read: (own: PhaseFindings['arrivals']) => number) =>
  figureColumn<PhaseFindings>({ title, unit: 'arrivals' }, (phase) => showCount(read(phase.arrivals)));

const requests = (title: string, read: (own: PhaseFindings['ledger']) => number) =>
  figureColumn<PhaseFindings>({ title, unit: 'requests' }, (phase) => showCount(read(phase.ledger)));

const ledgerTable = (phases: readonly PhaseFindings[]): Table =>
  tableOf<PhaseFindings>(
    'Ledger of arrivals and requests',
    [
      ['Phase', ({ name }) => textCell(name)],
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
