import type { RepeatedFigure, RepeatedPhase, Repeats } from '../analysis/compare/repeats.ts';
import type { Verdict } from '../analysis/verdict.ts';
import { counted } from '../units.ts';
import { briefName } from './comparison.ts';
import { MISSING } from './numbers.ts';
import { figureColumn, tableOf, textCell, type Block, type Section } from './sections/section.ts';
import { showFigure, showShare } from './shifts.ts';

/** One sentence on a series of runs. */
export function repeatsHeadline({ runs, verdict }: Repeats): string {
  const verdicts = runs.map((run) => run.verdict);
  const alike = verdicts.every((each) => each === verdict);
  const words = alike ? `all ${ENDED[verdict]}` : `${verdict} as the gravest of ${verdicts.join(', ')}`;
  return `${counted(runs.length, 'run')} of one plan: ${words}.`;
}

const ENDED: Readonly<Record<Verdict, string>> = {
  pass: 'passed',
  warn: 'passed with a warning',
  unknown: 'without a verdict',
  void: 'void',
  fail: 'failed',
};

/** Every phase with the figures of its runs, and how much these differ. */
export const repeatsSections = ({ phases, runs }: Repeats): readonly Section[] =>
  phases.map((phase) => ({ id: phase.phase, title: phase.phase, blocks: blocksOf(phase, runs.length) }));

const blocksOf = ({ phase, refusals, subjects }: RepeatedPhase, runs: number): Block[] => [
  ...refusals.map((text): Block => ({
    block: 'sentence',
    tone: 'reason',
    text: `These runs can't be taken together: ${text}.`,
  })),
  figuresOfRuns(phase, subjects, runs),
];

interface ShownRepeats extends RepeatedFigure {
  readonly of: string;
}

function figuresOfRuns(phase: string, subjects: RepeatedPhase['subjects'], runs: number): Block {
  const rows = subjects.flatMap(({ step, figures }) =>
    figures.map((figure): ShownRepeats => ({ ...figure, of: step ?? 'all steps' })),
  );
  return tableOf<ShownRepeats>(
    `Figures of ${phase} in ${runs} runs`,
    [
      [{ title: 'Figure', brief: 'figure' }, ({ title, figure }) => textCell(title, { brief: briefName(figure) })],
      [{ title: 'Of', brief: 'of' }, ({ of }) => textCell(of, { brief: of.split(' / ').at(-1) ?? of })],
      figureColumn({ title: 'Mean', brief: 'mean' }, ({ figure, mean }) => showFigure(figure, mean)),
      figureColumn({ title: 'Interval (95 %)', brief: 'interval' }, ({ figure, interval }) =>
        interval === null ? MISSING : interval.map((end) => showFigure(figure, end)).join(' … '),
      ),
      figureColumn({ title: 'Run to run', brief: 'spread' }, ({ scale, spread }) => unsigned(showShare(scale, spread))),
      figureColumn({ title: 'Smallest visible', brief: 'visible' }, ({ scale, smallest }) =>
        showShare(scale, smallest),
      ),
    ],
    rows,
  );
}

/** A spread goes to both sides. */
const unsigned = (share: string): string => share.replace(/^\+/, '± ');
