import type { PhaseFindings, StepFindings } from '../../analysis/phase.ts';
import { partNames, type PartName } from '../../measure/transfer.ts';
import { MISSING, showBytes, showCount, showRatio, showUs } from '../numbers.ts';
import { figureColumn, tableOf, textCell, type SectionOf, type Table } from './section.ts';

interface Row {
  readonly scenario: string;
  readonly step: StepFindings;
}

const TITLES: Readonly<Record<PartName, string>> = {
  lookup: 'DNS',
  connect: 'Connect',
  tls: 'TLS',
  firstByte: 'First byte',
  body: 'Body',
};

/** Of each step, what its service time was spent on, over which connections, and the bytes that passed. */
export const timePartsSection: SectionOf = ({ summary: { phases } }) => {
  const known = phases.filter(({ transfers }) => transfers !== undefined);
  if (known.length === 0) return undefined;
  const groups = known.map((phase) => ({
    name: phase.name,
    empty: `${phase.name}: no step was run.`,
    table: partsTable(phase),
  }));
  return {
    id: 'time-parts',
    title: 'Where the time goes',
    folded: true,
    blocks: [
      {
        block: 'sentence',
        tone: 'note',
        text:
          'Each part by its p95, and its share of all service time of the step. DNS, connect and TLS are of connections that were opened; ' +
          'first byte is the wait until the reply began, body the rest of it. Bytes are those of HTTP, before TLS.',
      },
      { block: 'groups', column: 'Phase', noun: 'step', groups },
    ],
  };
};

const partsTable = ({ name, scenarios }: PhaseFindings): Table =>
  tableOf<Row>(
    `Time and bytes of ${name}`,
    [
      ['Step', ({ step }) => textCell(step.name)],
      ['Scenario', ({ scenario }) => textCell(scenario)],
      ...partNames.map((part) => figureColumn<Row>(TITLES[part], ({ step }) => showPart(step, part))),
      figureColumn({ title: 'Opened', unit: 'connections' }, ({ step }) => showCount(step.transfers?.opened)),
      figureColumn({ title: 'Reused', unit: 'requests' }, ({ step }) => showCount(step.transfers?.reused)),
      figureColumn('Sent', ({ step }) => showBytes(step.transfers?.bytesSent)),
      figureColumn('Received', ({ step }) => showBytes(step.transfers?.bytesReceived)),
    ],
    scenarios.flatMap(({ name: scenario, steps }) => steps.map((step) => ({ scenario, step }))),
  );

function showPart({ partsUs }: StepFindings, name: PartName): string {
  const part = partsUs?.[name];
  return part === undefined ? MISSING : `${showUs(part.p95)}, ${showRatio(part.share)}`;
}
