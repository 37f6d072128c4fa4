import type { ScalingFinding } from '../../analysis/scaling/finding.ts';
import { tableOf, textCell, verdictCell, type SectionOf } from './section.ts';

const WORDS: Readonly<Record<ScalingFinding['verdict'], string>> = {
  pass: 'Tasks came and went with the load.',
  warn: 'Tasks came and went with the load, with something to look at.',
  fail: 'Scaling did not do what it should.',
  unknown: 'What was recorded does not answer all that is asked of scaling.',
};

/** Each rule of the verification with its evidence. */
export const scalingSection: SectionOf = ({ summary: { scaling } }) =>
  scaling && {
    id: 'scaling',
    title: 'How the service scaled',
    blocks: [
      { block: 'sentence', text: WORDS[scaling.verdict], tone: 'note' },
      tableOf<ScalingFinding['rules'][number]>(
        'Rules of scaling',
        [
          ['Rule', ({ rule }) => textCell(rule.replaceAll('-', ' '))],
          ['Verdict', ({ verdict }) => verdictCell(verdict)],
          ['Evidence', ({ evidence }) => textCell(evidence)],
        ],
        scaling.rules,
      ),
    ],
  };
