import { bottleneckName } from '../figures.ts';
import type { SectionOf } from './section.ts';

/** The resource whose saturation came first, with its evidence. */
export const bottleneck: SectionOf = ({ summary }) => {
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
