import { percentilesGiven, noTimesGiven } from '../../measure/given.ts';
import type { Percentiles } from '../../measure/histogram.ts';
import type { GivenGroup } from '../../measure/provenance.ts';
import type { TimesUs } from '../../measure/times.ts';
import {
  describeEvidence,
  describeTimes,
  givenTimesOf,
  type ImportedPhase,
  importedPhases,
  toolName,
  toolsOf,
} from '../imported-words.ts';
import { showCount, showPerSecond, showRatio, showSeconds, showUs, type Figure } from '../numbers.ts';
import { figureColumn, tableOf, textCell, type Block, type ColumnOf, type SectionOf, type Table } from './section.ts';

/** What other tools have measured, and what their figures mean; it leads the report of such a run. */
export const importedSection: SectionOf = ({ summary }) => {
  const imported = importedPhases(summary);
  const [first, ...others] = imported;
  if (first === undefined) return undefined;
  const isOne = others.length === 0;
  return {
    id: 'imported',
    title: `Measured by ${isOne ? toolName(first.from) : toolsOf(imported)}`,
    brief: true,
    blocks: [
      wholeTable(imported),
      ...imported.flatMap((each): Block[] => [
        ...(isOne ? [] : [{ block: 'heading', title: `${each.phase.name}: ${toolName(each.from)}` } as const]),
        says(each, isOne ? [['Target', summary.target]] : []),
      ]),
      ...(isOne ? [] : [{ block: 'sentence', tone: 'note', text: ONE_AFTER_ANOTHER } as const]),
    ],
  };
};

const ONE_AFTER_ANOTHER = 'In the charts the phases stand one after another, whatever time was between them.';

/** Of several phases the target stands above them all. */
const says = ({ phase, from }: ImportedPhase, target: readonly (readonly [string, string])[]): Block => ({
  block: 'pairs',
  names: ['Of the file', 'Says'],
  pairs: [
    ['Times run', describeTimes(from.times)],
    ['Evidence', describeEvidence(from)],
    ['Model and load', `${from.model}; ${phase.load}`],
    ...target,
    ['Started', from.startedAt ?? 'not said'],
    ...from.files.map(({ name, sha256 }) => ['File', `${name}, SHA-256 ${sha256.slice(0, 16)}…`] as const),
  ],
});

const timesOf = ({ phase, from }: ImportedPhase): TimesUs => givenTimesOf(from, phase);

/** The percentiles of a phase by rank, the tool's own among them. */
const ranksOf = (each: ImportedPhase): ReadonlyMap<number, Figure> => {
  const times = timesOf(each);
  return new Map<number, Figure>([
    [50, times.p50],
    [90, times.p90],
    [95, times.p95],
    [99, times.p99],
    [99.9, times.p999],
    ...(each.from.all?.ranks ?? []),
  ]);
};

/** A row a phase, in which the tool's own ranks stand beside each other. */
function wholeTable(phases: readonly ImportedPhase[]): Table {
  const known = phases.flatMap((each) => [...ranksOf(each)].filter(([, us]) => us !== null).map(([rank]) => rank));
  const ranks = [...new Set(known)].toSorted((a, b) => a - b);
  return tableOf<ImportedPhase>(
    `Requests as ${toolsOf(phases)} counted them`,
    [
      ...(phases.length > 1 ? [PHASE_COLUMN] : []),
      figureColumn({ title: 'Sent', unit: 'requests', brief: 'sent' }, ({ phase }) => showCount(phase.ledger.sent)),
      figureColumn({ title: 'Errors', brief: 'errors' }, ({ phase }) => showRatio(phase.errorRatio)),
      figureColumn({ title: 'Duration', brief: 'took' }, ({ phase }) => showSeconds(phase.durationSeconds)),
      figureColumn({ title: 'Carried', unit: 'requests', brief: 'carried' }, ({ phase }) =>
        showPerSecond(phase.throughputPerSecond),
      ),
      figureColumn('Min', (each) => showUs(timesOf(each).min)),
      // Beside a column of phases a terminal has no room for it.
      figureColumn({ title: 'Mean', ...(phases.length === 1 && { brief: 'mean' }) }, (each) =>
        showUs(timesOf(each).mean),
      ),
      ...ranks.map((rank) =>
        figureColumn<ImportedPhase>({ title: `p${rank}`, ...(BRIEF.has(rank) && { brief: `p${rank}` }) }, (each) =>
          showUs(ranksOf(each).get(rank)),
        ),
      ),
      figureColumn({ title: 'Max', brief: 'max' }, (each) => showUs(timesOf(each).max)),
    ],
    phases,
  );
}

const PHASE_COLUMN: ColumnOf<ImportedPhase> = [
  { title: 'Phase', brief: 'phase' },
  ({ phase, from }) => textCell(phase.name, { note: from.tool }),
];

/** Ranks for which a terminal has room. */
const BRIEF: ReadonlySet<number> = new Set([50, 95, 99]);

const given = ({ times }: GivenGroup): Percentiles => percentilesGiven(times ?? noTimesGiven);

interface Beside extends GivenGroup {
  readonly phase: string;
}

/** Groups whose requests are among the others already. */
export const besideSection: SectionOf = ({ summary }) => {
  const imported = importedPhases(summary);
  const groups = imported.flatMap(({ phase, from }) => from.beside.map((group) => ({ ...group, phase: phase.name })));
  if (groups.length === 0) return undefined;
  const table = tableOf<Beside>(
    'Groups beside',
    [
      ...(imported.length > 1 ? [BESIDE_PHASE] : []),
      ['Group', ({ name }) => textCell(name)],
      figureColumn('Count', ({ ledger }) => showCount(ledger.sent)),
      figureColumn('Failed', ({ ledger }) => showCount(ledger.failed + ledger.timedOut)),
      figureColumn('Mean', (group) => showUs(given(group).mean)),
      figureColumn('p50', (group) => showUs(given(group).p50)),
      figureColumn('p95', (group) => showUs(given(group).p95)),
      figureColumn('p99', (group) => showUs(given(group).p99)),
      figureColumn('Max', (group) => showUs(given(group).max)),
    ],
    groups,
  );
  const text = 'Their requests are among those above, so they count in no total.';
  return {
    id: 'beside',
    title: 'Groups beside',
    folded: true,
    blocks: [{ block: 'sentence', tone: 'note', text }, table],
  };
};

const BESIDE_PHASE: ColumnOf<Beside> = ['Phase', ({ phase }) => textCell(phase)];
