import type { Statement } from '../../signals/signal.ts';
import { showCount, showRatio, showUs } from '../numbers.ts';
import { figureColumn, longCodeCell, tableOf, type SectionOf } from './section.ts';

/** Enough of a statement to know it by. */
const MOST_TEXT = 600;

export const statementsSection: SectionOf = ({ statements: own }) => {
  if (own.length === 0) return undefined;
  const all = own.reduce((sum, { totalUs }) => sum + totalUs, 0);
  const title = 'Slowest statements';
  const table = tableOf<Statement>(
    title,
    [
      ['Statement', ({ text }) => longCodeCell(text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)} …` : text)],
      figureColumn({ title: 'Calls', unit: 'count' }, ({ calls }) => showCount(calls)),
      figureColumn('Mean', ({ meanUs }) => showUs(meanUs)),
      figureColumn('Total', ({ totalUs }) => showUs(totalUs)),
      figureColumn({ title: 'Share of these', detail: true }, ({ totalUs }) => showRatio(totalUs / all)),
    ],
    own,
  );
  return { id: 'statements', title, folded: true, blocks: [table] };
};

export const configurationSection: SectionOf = ({ configuration: own }) =>
  own.length === 0
    ? undefined
    : {
        id: 'configuration',
        title: 'Configuration',
        folded: true,
        blocks: [{ block: 'pairs', names: ['Setting', 'Value'], pairs: own }],
      };

const MEANINGS: readonly (readonly [term: string, meaning: string])[] = [
  [
    'Response time',
    'From the intended start to the complete reply: what a user feels, waiting before the request included.',
  ],
  ['Service time', 'From sending the request to the complete reply: what the target took.'],
  ['Offered, carried', 'Load asked for by the plan, and successful requests a second that came of it.'],
  [
    'p50, p95, p99',
    'So many percent of the requests took no longer. Of fewer than 100 requests the p99 is the slowest, of fewer than 1,000 the p99.9.',
  ],
  ['Start delay', 'From the intended start to sending: the generator’s own lateness. If it is large, the run is void.'],
  ['Dropped', 'An arrival that could not start within the plan’s patience. It is counted and never forgotten.'],
  ['Void', 'The measurement can’t be trusted, so the phase says nothing of the target and can’t pass.'],
];

/** The page explains its own words: it is passed on to people who have no manual at hand. */
export const termsSection: SectionOf = () => ({
  id: 'glossary',
  title: 'Terms',
  detail: true,
  blocks: [{ block: 'pairs', names: ['Term', 'Meaning'], pairs: MEANINGS }],
});
