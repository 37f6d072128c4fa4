import type { SectionOf } from './section.ts';

export const nextSteps: SectionOf = ({ nextSteps: own }) =>
  own.length === 0
    ? undefined
    : {
        id: 'next',
        title: 'Next steps',
        blocks: [{ block: 'list', ordered: true, items: own.map((text) => ({ text })) }],
      };
