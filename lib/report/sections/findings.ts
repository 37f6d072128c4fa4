import type { FindingName } from '../../analysis/index.ts';
import { bottleneckName, keyFigures } from '../figures.ts';
import { isImported } from '../imported-words.ts';
import { capacitySection } from './capacity.ts';
import type { SectionOf } from './section.ts';

/** Of equal weight: none of them is a verdict. The figures of a search are those of its capacity, of an imported run the tool's. */
export const keyFiguresSection: SectionOf = (report) =>
  report.summary.capacity === undefined && !isImported(report.summary) ? figuresOfRun(report) : undefined;

const figuresOfRun: SectionOf = (report) => ({
  id: 'strip',
  title: 'Key figures',
  lead: 'unnamed',
  blocks: [{ block: 'figures', names: ['Figure', 'Value', 'Where'], figures: keyFigures(report) }],
});

/** Of a finding that is a key figure, and needs no more than that. */
const noSection: SectionOf = () => undefined;

/** The resource whose saturation came first, with its evidence. */
const bottleneckSection: SectionOf = ({ summary }) => {
  if (summary.bottleneck === undefined) return undefined;
  const { confidence, evidence, remedy } = summary.bottleneck;
  return {
    id: 'bottleneck',
    title: 'What gives way first',
    blocks: [
      { block: 'finding', text: bottleneckName(summary.bottleneck), note: `${confidence} confidence` },
      { block: 'list', items: evidence.map((text) => ({ text })) },
      ...(remedy === '' ? [] : [{ block: 'remark', label: 'Remedy', text: remedy } as const]),
    ],
  };
};

/** The section of each finding of the run, in the order in which they are read; a finding without a line here does not compile. */
export const findingSections: Readonly<Record<FindingName, SectionOf>> = {
  capacity: capacitySection,
  breakingPoint: noSection,
  recovery: noSection,
  bottleneck: bottleneckSection,
};
