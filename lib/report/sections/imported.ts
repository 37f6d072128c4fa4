import { percentilesGiven, noTimesGiven } from '../../measure/given.ts';
import type { Percentiles } from '../../measure/histogram.ts';
import type { GivenGroup, Provenance } from '../../measure/provenance.ts';
import type { PhaseFindings } from '../../analysis/phase.ts';
import { describeEvidence, describeTimes, givenTimesOf, toolName } from '../imported-words.ts';
import { showCount, showPerSecond, showRatio, showSeconds, showUs, type Figure } from '../numbers.ts';
import { figureColumn, tableOf, textCell, type SectionOf, type Table } from './section.ts';

/** What another tool has measured, and what its figures mean; it leads the report of such a run. */
export const importedSection: SectionOf = ({ summary: { imported, phases, target } }) => {
  const [phase] = phases;
  if (imported === undefined || phase === undefined) return undefined;
  return {
    id: 'imported',
    title: `Measured by ${toolName(imported)}`,
    brief: true,
    blocks: [
      wholeTable(imported, phase),
      {
        block: 'pairs',
        names: ['Of the file', 'Says'],
        pairs: [
          ['Times run', describeTimes(imported.times)],
          ['Evidence', describeEvidence(imported)],
          ['Model and load', `${imported.model}; ${phase.load}`],
          ['Target', target],
          ['Started', imported.startedAt ?? 'not said'],
          ...imported.files.map(({ name, sha256 }) => ['File', `${name}, SHA-256 ${sha256.slice(0, 16)}…`] as const),
        ],
      },
    ],
  };
};

/** One row, in which the tool's own ranks stand beside each other. */
function wholeTable(imported: Provenance, phase: PhaseFindings): Table {
  const times = givenTimesOf(imported, phase);
  const own = new Map<number, Figure>([
    [50, times.p50],
    [90, times.p90],
    [95, times.p95],
    [99, times.p99],
    [99.9, times.p999],
    ...(imported.all?.ranks ?? []),
  ]);
  const ranks = [...own].toSorted(([a], [b]) => a - b).filter(([, us]) => us !== null);
  const { ledger } = phase;
  return tableOf<PhaseFindings>(
    `Requests as ${imported.tool} counted them`,
    [
      figureColumn({ title: 'Sent', unit: 'requests', brief: 'sent' }, () => showCount(ledger.sent)),
      figureColumn({ title: 'Errors', brief: 'errors' }, ({ errorRatio }) => showRatio(errorRatio)),
      figureColumn({ title: 'Duration', brief: 'took' }, ({ durationSeconds }) => showSeconds(durationSeconds)),
      figureColumn({ title: 'Carried', unit: 'requests', brief: 'carried' }, ({ throughputPerSecond }) =>
        showPerSecond(throughputPerSecond),
      ),
      figureColumn('Min', () => showUs(times.min)),
      figureColumn({ title: 'Mean', brief: 'mean' }, () => showUs(times.mean)),
      ...ranks.map(([rank, us]) =>
        figureColumn<PhaseFindings>({ title: `p${rank}`, ...(BRIEF.has(rank) && { brief: `p${rank}` }) }, () =>
          showUs(us),
        ),
      ),
      figureColumn({ title: 'Max', brief: 'max' }, () => showUs(times.max)),
    ],
    [phase],
  );
}

/** Ranks for which a terminal has room. */
const BRIEF: ReadonlySet<number> = new Set([50, 95, 99]);

const given = ({ times }: GivenGroup): Percentiles => percentilesGiven(times ?? noTimesGiven);

/** Groups whose requests are among the others already. */
export const besideSection: SectionOf = ({ summary: { imported } }) => {
  if (imported === undefined || imported.beside.length === 0) return undefined;
  const table = tableOf<GivenGroup>(
    'Groups beside',
    [
      ['Group', ({ name }) => textCell(name)],
      figureColumn('Count', ({ ledger }) => showCount(ledger.sent)),
      figureColumn('Failed', ({ ledger }) => showCount(ledger.failed + ledger.timedOut)),
      figureColumn('Mean', (group) => showUs(given(group).mean)),
      figureColumn('p50', (group) => showUs(given(group).p50)),
      figureColumn('p95', (group) => showUs(given(group).p95)),
      figureColumn('p99', (group) => showUs(given(group).p99)),
      figureColumn('Max', (group) => showUs(given(group).max)),
    ],
    imported.beside,
  );
  const text = 'Their requests are among those above, so they count in no total.';
  return {
    id: 'beside',
    title: 'Groups beside',
    folded: true,
    blocks: [{ block: 'sentence', tone: 'note', text }, table],
  };
};
