import type { Comparison, ComparedSubject, PhaseComparison } from '../analysis/compare/compare.ts';
import type { Shift, ShiftVerdict } from '../analysis/compare/judge.ts';
import { MISSING } from './numbers.ts';
import { figureColumn, tableOf, textCell, type Block, type Section } from './sections/section.ts';
import { showFigure, showShare } from './shifts.ts';

const WORDS: Readonly<Record<ShiftVerdict, string>> = {
  better: 'better',
  same: 'same',
  worse: 'worse',
  differs: 'differs',
  unclear: 'unclear',
};

const HEADLINES: Readonly<Record<ShiftVerdict, string>> = {
  worse: 'worse than the baseline',
  differs: 'it differs from the baseline, but the noise from run to run is not known',
  better: 'better than the baseline',
  unclear: 'no difference could be shown, nor that there is none',
  same: 'the same as the baseline, within the tolerances',
};

const REFUSED = "no verdict, since it can't be compared with the baseline";

/** One sentence on a whole comparison. */
export function comparisonHeadline({ verdict, runs, phases }: Comparison): string {
  const named = phases.flatMap(({ phase, subjects }) =>
    subjects.flatMap(({ step, shifts }) =>
      shifts
        .filter((shift) => shift.verdict === verdict)
        .map((shift) => `${shift.title} in ${step ?? phase} ${showShift(shift, shift.shift)} (${showInterval(shift)})`),
    ),
  );
  const most = 3;
  const list = named.slice(0, most).join(', ') + (named.length > most ? ` and ${named.length - most} more` : '');
  const figures = verdict === 'same' || verdict === 'unclear' || list === '' ? '' : `: ${list}`;
  const isRefused = phases.every(({ refusals }) => refusals.length > 0);
  return `${runs.join(', ')}: ${isRefused ? REFUSED : HEADLINES[verdict]}${figures}.`;
}

const NOISE_UNKNOWN =
  'How much two runs of one build differ here is not known, so no figure is called better, same or worse. Give three baselines or more, or runs and baselines that are four together: plimsoll compare BASE1 BASE2 BASE3 RUN.';

/** A comparison as sections: what speaks against it, then every phase with its figures. */
export const comparisonSections = (comparison: Comparison): readonly Section[] => [
  ...reservations(comparison),
  ...comparison.phases.map((phase) => phaseSection(phase)),
];

function reservations({ isNoiseKnown, remarks }: Comparison): Section[] {
  const items = [...remarks, ...(isNoiseKnown ? [] : [NOISE_UNKNOWN])].map((text) => ({ text }));
  return items.length === 0 ? [] : [{ id: 'before', title: 'Before any figure', blocks: [{ block: 'list', items }] }];
}

const phaseSection = ({ phase, refusals, subjects }: PhaseComparison): Section => ({
  id: phase,
  title: phase,
  blocks: [
    ...refusals.map((text): Block => ({ block: 'sentence', tone: 'reason', text: `No verdict: ${text}.` })),
    ...(subjects.length === 0 ? [] : [figuresTable(phase, subjects)]),
  ],
});

interface ShownShift extends Shift {
  readonly of: string;
}

function figuresTable(phase: string, subjects: readonly ComparedSubject[]): Block {
  const rows = subjects.flatMap(({ step, shifts }) =>
    shifts.map((shift): ShownShift => ({ ...shift, of: step ?? 'all steps' })),
  );
  return tableOf<ShownShift>(
    `Figures of ${phase}`,
    [
      [{ title: 'Figure', brief: 'figure' }, ({ title, figure }) => textCell(title, { brief: briefName(figure) })],
      [{ title: 'Of', brief: 'of' }, ({ of }) => textCell(of, { brief: of.split(' / ').at(-1) ?? of })],
      figureColumn({ title: 'Baseline', brief: 'baseline' }, (shift) => showFigure(shift.figure, shift.baseline)),
      figureColumn({ title: 'Run', brief: 'run' }, (shift) => showFigure(shift.figure, shift.run)),
      figureColumn({ title: 'Shift', brief: 'shift' }, (shift) => showShift(shift, shift.shift)),
      figureColumn({ title: 'Interval', brief: 'interval' }, showInterval),
      figureColumn({ title: 'Smallest visible', brief: 'visible' }, (shift) => showShift(shift, shift.smallest)),
      [
        { title: 'Verdict', brief: 'verdict' },
        ({ verdict, because }) =>
          textCell(because === undefined ? WORDS[verdict] : `${WORDS[verdict]}: ${because}`, { brief: WORDS[verdict] }),
      ],
    ],
    rows,
  );
}

/** A figure's name where there is little room. */
export const briefName = (figure: string): string =>
  figure.replace('responseTime.', 'resp. ').replace('serviceTime.', 'serv. ').replace('errorRatio', 'errors');

const showShift = ({ scale }: Shift, value: number | null): string => showShare(scale, value);

const showInterval = (shift: Shift): string =>
  shift.interval === null
    ? MISSING
    : shift.interval.map((end) => showShift(shift, end).replace(/ (?:%|pp)$/, '')).join(' … ');
