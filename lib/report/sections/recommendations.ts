import type { SectionOf } from './section.ts';

export const recommendations: SectionOf = ({ recommendations: own }) =>
  own.length === 0
    ? undefined
    : {
        id: 'recommendations',
        title: 'Recommendations',
        blocks: [{ block: 'list', ordered: true, items: own.map(({ text, because }) => ({ text, why: because })) }],
      };
