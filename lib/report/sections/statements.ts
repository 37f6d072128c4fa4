import type { Statement } from '../../signals/signal.ts';
import { showCount, showRatio, showUs } from '../numbers.ts';
import { figures, longCode, tableOf, type SectionOf } from './section.ts';

/** Enough of a statement to know it by. */
const MOST_TEXT = 600;

export const statements: SectionOf = ({ statements: own }) => {
  if (own.length === 0) return undefined;
  const all = own.reduce((sum, { totalUs }) => sum + totalUs, 0);
  const title = 'Slowest statements';
  const table = tableOf<Statement>(
    title,
    [
      ['Statement', ({ text }) => longCode(text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)} …` : text)],
      figures({ title: 'Calls', unit: 'count' }, ({ calls }) => showCount(calls)),
      figures('Mean', ({ meanUs }) => showUs(meanUs)),
      figures('Total', ({ totalUs }) => showUs(totalUs)),
      figures({ title: 'Share of these', detail: true }, ({ totalUs }) => showRatio(totalUs / all)),
    ],
    own,
  );
  return { id: 'statements', title, folded: true, blocks: [table] };
};
