import { improvementOf } from '../improvement.ts';
import { longCodeCell, tableOf, textCell, type SectionOf } from './section.ts';

/** The way from this run to a better one, in steps that can be followed. */
export const improvementSection: SectionOf = ({ summary }) => {
  const steps = improvementOf(summary);
  if (steps.length === 0) return undefined;
  const columns = [
    ['Step', ({ what }) => textCell(what, { long: true })],
    ['Command', ({ command = '' }) => longCodeCell(command)],
    ['Done when', ({ doneWhen }) => textCell(doneWhen, { long: true })],
  ] satisfies Parameters<typeof tableOf<(typeof steps)[number]>>[1];
  return {
    id: 'improvement',
    title: 'Plan of improvement',
    detail: true,
    blocks: [tableOf('Plan of improvement', columns, steps)],
  };
};
