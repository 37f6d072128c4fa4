import type { SectionOf } from './section.ts';

/** Why to be careful, before any table is read; nothing where nothing speaks against the run. */
export const doubtsSection: SectionOf = ({ doubts: own }) =>
  own.length === 0
    ? undefined
    : {
        id: 'doubts',
        title: 'Doubts',
        lead: 'named',
        brief: true,
        blocks: [{ block: 'list', items: own.map((each) => ({ text: each })) }],
      };

export const recommendationsSection: SectionOf = ({ recommendations: own }) =>
  own.length === 0
    ? undefined
    : {
        id: 'recommendations',
        title: 'Recommendations',
        blocks: [{ block: 'list', ordered: true, items: own.map(({ text, because }) => ({ text, why: because })) }],
      };

export const nextStepsSection: SectionOf = ({ nextSteps: own }) =>
  own.length === 0
    ? undefined
    : {
        id: 'next',
        title: 'Next steps',
        blocks: [{ block: 'list', ordered: true, items: own.map((text) => ({ text })) }],
      };
