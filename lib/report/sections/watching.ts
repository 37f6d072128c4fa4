import type { Blocker } from '../../analysis/watching/readiness.ts';
import type { DriftTrend } from '../../analysis/drift/drift.ts';
import type { IntegrityCheck } from '../../analysis/watching/integrity.ts';
import { listed } from '../../units.ts';
import { MISSING, showRatio, showSeconds } from '../numbers.ts';
import { watchedVerdicts } from '../watched-words.ts';
import { codeCell, figureColumn, tableOf, textCell, verdictCell, type SectionOf } from './section.ts';

/** Go or no-go in one sentence, and below it what it rests on. */
export const readinessSection: SectionOf = ({ summary: { readiness } }) => {
  if (readiness === undefined) return undefined;
  const { verdict, blockers } = readiness;
  const said = (wanted: Blocker['verdict']): string =>
    blockers
      .filter((each) => each.verdict === wanted)
      .map(({ text }) => text)
      .join('; ');
  const open = blockers.filter((each) => each.verdict === 'unknown').map(({ name }) => LABELS[name]);
  const untested = open.length === 0 ? '' : ` Not tested: ${listed(open, 'and')}.`;
  const text = {
    go: 'Go: every blocker was tested, and none was found.',
    'no-go': `No-go: ${said('fail')}.${untested}`,
    unknown: `Neither go nor no-go: no blocker was found.${untested === '' ? ' The run was stopped.' : untested}`,
  }[verdict];
  return {
    id: 'readiness',
    title: 'Ready for production?',
    lead: 'named',
    brief: true,
    blocks: [
      { block: 'sentence', text, tone: 'note' },
      tableOf<Blocker>(
        'Blockers',
        [
          ['Blocker', ({ name }) => textCell(LABELS[name])],
          ['Verdict', (blocker) => verdictCell(blocker.verdict)],
          ['Found', (blocker) => textCell(blocker.text)],
        ],
        blockers,
      ),
    ],
  };
};

const LABELS: Readonly<Record<Blocker['name'], string>> = {
  objectives: 'objectives',
  p99: 'p99',
  errors: 'errors',
  data: 'data',
  crashes: 'crashes',
  recovery: 'recovery',
  health: 'health check',
  drift: 'drift',
};

/** What rose while the load was level, each with its pace, and where it leads. */
export const driftSection: SectionOf = ({ summary: { drift } }) => {
  if (drift === undefined) return undefined;
  const { verdict, phases, figures, trends } = drift;
  const judged = `judged in ${phases.join(', ')}: ${figures.join(', ')}`;
  const text = verdict === 'unknown' ? `Too little was read in ${phases.join(', ')}.` : `Nothing rose; ${judged}.`;
  return {
    id: 'drift',
    title: 'Drift under level load',
    blocks:
      trends.length === 0
        ? [{ block: 'sentence', text, tone: 'quiet' }]
        : [
            { block: 'list', items: trends.map((trend) => ({ text: trend.text })) },
            tableOf<DriftTrend>(
              'Drift',
              [
                ['Figure', ({ figure }) => codeCell(figure)],
                ['Phase', ({ phase }) => textCell(phase)],
                ['Verdict', (trend) => verdictCell(trend.verdict)],
                figureColumn('An hour', ({ perHour }) => showRatio(perHour)),
                figureColumn('At its limit in', ({ hoursToLimit }) =>
                  hoursToLimit === undefined ? MISSING : showSeconds(hoursToLimit * 3600),
                ),
              ],
              trends,
            ),
            { block: 'sentence', text: `All that was ${judged}.`, tone: 'quiet' },
          ],
  };
};

/** The plan's checks after the load, one a row. */
export const integritySection: SectionOf = ({ summary: { integrity } }) =>
  integrity === undefined
    ? undefined
    : {
        id: 'integrity',
        title: 'Checks after the load',
        blocks: [
          tableOf<IntegrityCheck>(
            'Checks after the load',
            [
              ['Check', ({ name }) => textCell(name)],
              ['Verdict', (check) => verdictCell(check.verdict)],
              ['Failure', ({ failure }) => (failure === undefined ? textCell(MISSING) : codeCell(failure))],
            ],
            integrity.checks,
          ),
        ],
      };

/** What the health check answered; nothing where none was read. */
export const healthSection: SectionOf = ({ summary }) => {
  const found = watchedVerdicts(summary).find(({ name }) => name === 'health');
  if (found === undefined) return undefined;
  return {
    id: 'health',
    title: 'Health under load',
    blocks: [{ block: 'sentence', text: `${found.text}.`, tone: found.verdict === 'pass' ? 'quiet' : 'note' }],
  };
};
