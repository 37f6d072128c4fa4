import type { JudgedObjective, PhaseFindings } from '../../analysis/phase.ts';
import type { Verdict } from '../../analysis/verdict.ts';
import { isImported } from '../imported-words.ts';
import { abortedSentence, showMeasured } from '../figures.ts';
import { showCount, showPerSecond, showRatio, showSeconds, showUs } from '../numbers.ts';
import { counted, listed } from '../../units.ts';
import type { Report } from '../report.ts';
import {
  codeCell,
  figureColumn,
  tableOf,
  textCell,
  verdictCell,
  type Block,
  type SectionOf,
  type Table,
} from './section.ts';

/** The phases in order; on the page, below each, its objectives with value and limit. */
export const phasesSection: SectionOf = (report) => ({
  id: 'phases',
  title: 'Phases',
  ...(isPlainRun(report) && { brief: true as const }),
  blocks:
    report.summary.phases.length === 0
      ? [{ block: 'sentence', tone: 'quiet', text: 'No phase ran.' }]
      : [phaseTable(report)],
});

/** A terminal shows a search or an imported result by its own section. */
const isPlainRun = ({ summary }: Report): boolean => summary.capacity === undefined && !isImported(summary);

const phaseTable = (report: Report): Table =>
  tableOf<PhaseFindings>(
    'Phases',
    [
      [{ title: 'Phase', brief: 'phase' }, (phase) => textCell(phase.name, { note: nature(phase) })],
      // Eighty columns are few, and below `load` a rate can only be of arrivals.
      [
        { title: 'Load', brief: 'load' },
        ({ load }) =>
          textCell(load, { long: true, brief: load.replace(' arrivals/s', '/s').replace(' requests/s', ' req/s') }),
      ],
      [
        { title: 'Verdict', brief: 'verdict' },
        (phase) => verdictCell(phase.verdict, phase.objectives.length === 0 ? 'no objectives' : undefined),
      ],
      figureColumn('Duration', (phase) => showSeconds(phase.durationSeconds)),
      figureColumn({ title: 'p50', brief: 'p50' }, (phase) => showUs(phase.responseTimeUs.p50)),
      figureColumn('p95', (phase) => showUs(phase.responseTimeUs.p95)),
      figureColumn({ title: 'p99', brief: 'p99' }, (phase) => showUs(phase.responseTimeUs.p99)),
      figureColumn('p99 service', (phase) => showUs(phase.serviceTimeUs.p99)),
      figureColumn({ title: 'Errors', brief: 'errors' }, (phase) => showRatio(phase.errorRatio)),
      figureColumn({ title: 'Carried', unit: 'requests', brief: 'carried' }, (phase) =>
        showPerSecond(phase.throughputPerSecond),
      ),
      figureColumn({ title: 'Start delay p99', brief: 'delay' }, (phase) => showUs(phase.startDelayUs.p99)),
    ],
    report.summary.phases,
    (phase) => below(report, phase),
  );

/** What the name doesn't say. */
const nature = ({ name, kind, model }: PhaseFindings): string =>
  kind === name ? `${model} model` : `${kind}, ${model} model`;

function below(report: Report, phase: PhaseFindings): readonly Block[] {
  const { validity, objectives, aborted } = phase;
  const begin = validity.verdict === 'void' ? 'Void: ' : '';
  const sentences = [
    ...validity.reasons.map((reason) => `${begin}${reason}`),
    ...(aborted === undefined ? [] : [`Ended early: ${abortedSentence(aborted)}`]),
  ];
  const reasons = sentences.map((text): Block => ({ block: 'sentence', tone: 'reason', text }));
  if (phase.arrivals.late !== undefined)
    reasons.push({
      block: 'sentence',
      tone: 'quiet',
      text: `${showCount(phase.arrivals.late)} of ${counted(phase.arrivals.started, 'journey')} began later than their pace, since the one before took longer.`,
    });
  if (phase.requests !== undefined)
    reasons.push({ block: 'sentence', tone: 'quiet', text: sentence(phase, phase.requests) });
  if (objectives.length === 0) return reasons;
  const checks = objectives.map((judged) => ({
    verdict: judged.verdict,
    code: judged.objective,
    measured: showMeasured(report, judged),
  }));
  const missed = objectives.some((judged) => judged.verdict !== 'pass');
  return [...reasons, { block: 'checks', summary: tally(objectives), open: missed, checks }];
}

/** Requests were asked for, and arrivals are what came. */
const sentence = (
  { offeredPerSecond }: PhaseFindings,
  { askedPerSecond, sentPerSecond, perJourney }: NonNullable<PhaseFindings['requests']>,
): string =>
  `Asked for ${showPerSecond(askedPerSecond)} requests, sent ${showPerSecond(sentPerSecond)}, in ${showPerSecond(offeredPerSecond)} arrivals of ${showCount(perJourney)} requests each.`;

const ORDER: readonly Verdict[] = ['fail', 'warn', 'void', 'unknown', 'pass'];

/** `4 objectives: 1 fail, 3 pass`. */
function tally(objectives: readonly JudgedObjective[]): string {
  const counts = ORDER.map((own) => [own, objectives.filter((each) => each.verdict === own).length] as const);
  const shown = counts.filter(([, count]) => count > 0).map(([own, count]) => `${count} ${own}`);
  return `${counted(objectives.length, 'objective')}: ${shown.join(', ')}`;
}

/** Those of the run: measured over several phases together. */
export const runObjectivesSection: SectionOf = (report) => {
  const found = report.summary.runObjectives;
  if (found === undefined) return undefined;
  const table = tableOf<JudgedObjective>(
    'Objectives of the run',
    [
      [{ title: 'Objective', brief: 'of the run' }, ({ objective }) => codeCell(objective)],
      figureColumn({ title: 'Measured', brief: 'measured' }, (judged) => showMeasured(report, judged)),
      [{ title: 'Verdict', brief: 'verdict' }, ({ verdict }) => verdictCell(verdict)],
    ],
    found.objectives,
  );
  const text = `Over ${listed(found.phases, 'and')} together.`;
  return {
    id: 'run-objectives',
    title: 'Objectives of the run',
    brief: true,
    blocks: [{ block: 'sentence', tone: 'note', text }, table],
  };
};

interface Judged {
  readonly phase: string;
  readonly judged: JudgedObjective;
}

/** Every objective of every phase, in rows. */
export const objectivesSection: SectionOf = (report) => {
  const items = report.summary.phases.flatMap(({ name, objectives: own }) =>
    own.map((judged) => ({ phase: name, judged })),
  );
  if (items.length === 0) return undefined;
  const table = tableOf<Judged>(
    'Objectives',
    [
      ['Phase', ({ phase }) => textCell(phase)],
      ['Objective', ({ judged }) => codeCell(judged.objective)],
      figureColumn('Measured', ({ judged }) => showMeasured(report, judged)),
      ['Verdict', ({ judged }) => verdictCell(judged.verdict)],
    ],
    items,
  );
  return { id: 'objectives', title: 'Objectives', flat: true, blocks: [table] };
};
