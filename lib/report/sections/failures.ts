import { failureCounts, type FailureCount } from '../figures.ts';
import { showCount, showRatio } from '../numbers.ts';
import type { Summary } from '../summary.ts';
import { code, figures, tableOf, text, type Block, type SectionOf } from './section.ts';

export const failures: SectionOf = ({ summary }) => {
  const counts = failureCounts(summary);
  const title = 'Failures by kind';
  if (counts.length === 0) return { id: 'failures', title, detail: true, blocks: [none(summary)] };
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const table = tableOf<FailureCount>(
    title,
    [
      ['Kind', ({ kind }) => code(kind)],
      ['Meaning', ({ meaning }) => text(meaning)],
      figures({ title: 'Count', unit: 'requests' }, ({ count }) => showCount(count)),
      figures('Share', ({ count }) => showRatio(count / all)),
      ['Where', ({ byPhase }) => text(byPhase.map(([phase, own]) => `${phase} ${showCount(own)}`).join(', '))],
    ],
    counts,
  );
  return { id: 'failures', title, blocks: [table] };
};

/** That nothing failed means something only where something was sent. */
function none({ phases }: Summary): Block {
  const sent = phases.reduce((sum, { ledger }) => sum + ledger.sent, 0);
  return { block: 'sentence', tone: 'quiet', text: sent > 0 ? 'No request failed.' : 'No request was made.' };
}
