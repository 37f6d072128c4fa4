import type { SectionOf } from './section.ts';

export const configuration: SectionOf = ({ configuration: own }) =>
  own.length === 0
    ? undefined
    : {
        id: 'configuration',
        title: 'Configuration',
        folded: true,
        blocks: [{ block: 'pairs', names: ['Setting', 'Value'], pairs: own }],
      };
