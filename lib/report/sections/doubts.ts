import type { SectionOf } from './section.ts';

/** Why to be careful, before any table is read; nothing where nothing speaks against the run. */
export const doubts: SectionOf = ({ doubts: own }) =>
  own.length === 0
    ? undefined
    : {
        id: 'doubts',
        title: 'Doubts',
        lead: 'named',
        brief: true,
        blocks: [{ block: 'list', items: own.map((each) => ({ text: each })) }],
      };
