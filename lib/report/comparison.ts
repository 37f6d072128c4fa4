import type { Comparison, ComparedSubject, PhaseComparison } from '../analysis/compare/compare.ts';
import type { Shift, ShiftVerdict } from '../analysis/compare/judge.ts';
import type { SignalShift, SignalSide } from '../analysis/compare/signal-shifts.ts';
import type { LoadTrend } from '../analysis/compare/trends.ts';
import type { SignalUnit } from '../signals/signal.ts';
import { formatNumber } from '../units.ts';
import { MISSING, showIn } from './numbers.ts';
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
  return `${namesOfRuns(runs)}: ${isRefused ? REFUSED : HEADLINES[verdict]}${figures}.`;
}

/** Many names would hide what is said of them. */
const namesOfRuns = (runs: readonly string[]): string =>
  runs.length < 3 ? runs.join(', ') : `${runs.length} runs (${runs[0]} … ${runs.at(-1)})`;

const NOISE_UNKNOWN =
  'How much two runs of one build differ here is not known, so no figure is called better, same or worse. Give three baselines or more, or runs and baselines that are four together: plimsoll compare BASE1 BASE2 BASE3 RUN; or with --noise a folder of three other runs or more of one build, as plimsoll run --repeat 5 makes it.';

/** A comparison as sections: what speaks against it, then every phase with its figures. */
export const comparisonSections = (comparison: Comparison): readonly Section[] => [
  ...reservations(comparison),
  ...comparison.phases.map((phase) => phaseSection(phase)),
];

function reservations({ isNoiseKnown, remarks }: Comparison): Section[] {
  const items = [...remarks, ...(isNoiseKnown ? [] : [NOISE_UNKNOWN])].map((text) => ({ text }));
  return items.length === 0 ? [] : [{ id: 'before', title: 'Before any figure', blocks: [{ block: 'list', items }] }];
}

const phaseSection = ({ phase, refusals, subjects, trends, signals: shifts, unit }: PhaseComparison): Section => ({
  id: phase,
  title: phase,
  blocks: [
    ...refusals.map((text): Block => ({ block: 'sentence', tone: 'reason', text: `No verdict: ${text}.` })),
    ...(subjects.length === 0 ? [] : [figuresTable(phase, subjects, unit === '' ? 'the search' : 'all steps')]),
    ...(trends.length === 0 ? [] : [trendList(phase, trends, unit)]),
    ...(shifts.length === 0 ? [] : signalBlocks(phase, shifts)),
  ],
});

/** `p99 of response time in checkout +15 % from 150 arrivals/s on, −2 … +31 %; +1 % below.` */
const trendList = (phase: string, trends: readonly LoadTrend[], unit: string): Block => ({
  block: 'list',
  items: trends.map(({ step, title, scale, fromLevel, shift, interval, below }) => {
    const [own, less] = [showShare(scale, shift), showShare(scale, below)];
    const from = `${formatNumber(fromLevel)} ${unit}`;
    return {
      text: `${title} in ${step ?? phase} ${own} from ${from} on, ${showEnds(scale, interval)}; ${less} below. That is where the shift is, and no verdict.`,
    };
  }),
});

const signalBlocks = (phase: string, shifts: readonly SignalShift[]): readonly Block[] => [
  { block: 'heading', title: 'Signals' },
  {
    block: 'sentence',
    tone: 'note',
    text: 'Means over the phase, and of several runs the least and the greatest. More of a signal is neither better nor worse, so none has a verdict.',
  },
  tableOf<SignalShift>(
    `Signals in ${phase}`,
    [
      [{ title: 'Signal', brief: 'signal' }, ({ title }) => textCell(title)],
      figureColumn({ title: 'Baseline', brief: 'baseline' }, ({ unit, baseline }) => showSide(unit, baseline)),
      figureColumn({ title: 'Run', brief: 'run' }, ({ unit, run }) => showSide(unit, run)),
      figureColumn({ title: 'Shift', brief: 'shift' }, ({ baseline, run }) =>
        baseline.mean > 0 ? showShare('ratio', run.mean / baseline.mean - 1) : MISSING,
      ),
    ],
    shifts,
  ),
];

const showSide = (unit: SignalUnit, { mean, least, greatest }: SignalSide): string =>
  least === greatest
    ? showIn(unit, mean)
    : `${showIn(unit, mean)} (${showIn(unit, least)} … ${showIn(unit, greatest)})`;

interface ShownShift extends Shift {
  readonly of: string;
}

/** `whole` is what a figure of no single step is of. */
function figuresTable(phase: string, subjects: readonly ComparedSubject[], whole: string): Block {
  const rows = subjects.flatMap(({ step, shifts }) =>
    shifts.map((shift): ShownShift => ({ ...shift, of: step ?? whole })),
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
  figure
    .replace('responseTime.', 'resp. ')
    .replace('serviceTime.', 'serv. ')
    .replace('errorRatio', 'errors')
    .replace('costPerMillion', '$/million');

const showShift = ({ scale }: Shift, value: number | null): string => showShare(scale, value);

const showInterval = ({ scale, interval }: Shift): string =>
  interval === null ? MISSING : interval.map((end) => showShare(scale, end).replace(/ (?:%|pp)$/, '')).join(' … ');

/** An interval that no column stands around. */
const showEnds = (scale: Shift['scale'], [low, high]: readonly [number, number]): string =>
  `${showShare(scale, low).replace(/ (?:%|pp)$/, '')} … ${showShare(scale, high)}`;
