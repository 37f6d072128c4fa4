import { showMeasured } from '../figures.ts';
import type { JudgedObjective } from '../../analysis/phase.ts';
import { code, figures, tableOf, text, verdict, type SectionOf } from './section.ts';

interface Judged {
  readonly phase: string;
  readonly judged: JudgedObjective;
}

/** Every objective of every phase, in rows. */
export const objectives: SectionOf = (report) => {
  const items = report.summary.phases.flatMap(({ name, objectives: own }) =>
    own.map((judged) => ({ phase: name, judged })),
  );
  if (items.length === 0) return undefined;
  const table = tableOf<Judged>(
    'Objectives',
    [
      ['Phase', ({ phase }) => text(phase)],
      ['Objective', ({ judged }) => code(judged.objective)],
      figures('Measured', ({ judged }) => showMeasured(report, judged)),
      ['Verdict', ({ judged }) => verdict(judged.verdict)],
    ],
    items,
  );
  return { id: 'objectives', title: 'Objectives', flat: true, blocks: [table] };
};
