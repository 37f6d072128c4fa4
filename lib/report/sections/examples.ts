import type { FailureCase } from '../../measure/cases.ts';
import type { LogExcerpt, LoggedLine } from '../../signals/log-lines.ts';
import { TIMED_OUT } from '../figures.ts';
import { MISSING, showCount } from '../numbers.ts';
import type { Summary } from '../summary.ts';
import { listed } from '../../units.ts';
import {
  type Block,
  codeCell,
  type ColumnOf,
  figureColumn,
  longCodeCell,
  tableOf,
  textCell,
  type SectionOf,
} from './section.ts';

/** A failure as an example, and how many failed as it did. */
interface FailureExample extends FailureCase {
  readonly phase: string;
  readonly step: string;
  /** ISO 8601. */
  readonly at: string;
  readonly count: number;
}

const MOST_EXAMPLES = 12;

const timeOf = (startedAt: string, { atUs }: FailureCase): string =>
  new Date(Date.parse(startedAt) + atUs / 1000).toISOString();

/** One of each kind of each step first, the most frequent ones in front; what says the same twice stands once. */
export function failureExamples({ phases }: Summary): readonly FailureExample[] {
  const groups = phases.flatMap(({ name: phase, startedAt, scenarios }) =>
    scenarios.flatMap(({ steps }) =>
      steps.flatMap(({ name: step, ledger, cases = [] }) =>
        [...Map.groupBy(cases, ({ kind }) => kind)].map(([kind, own]) => {
          const count = kind === 'timedOut' ? ledger.timedOut : (ledger.failures[kind] ?? 0);
          return own.map((each): FailureExample => ({ ...each, phase, step, count, at: timeOf(startedAt, each) }));
        }),
      ),
    ),
  );
  const frequent = groups.toSorted((a, b) => (b[0]?.count ?? 0) - (a[0]?.count ?? 0));
  const rounds = [0, 1, 2].flatMap((round) => frequent.flatMap((group) => group[round] ?? []));
  const known = new Set<string>();
  const different = rounds.filter(({ step, kind, text = '' }) => {
    const key = JSON.stringify([step, kind, text]);
    return !known.has(key) && known.add(key);
  });
  return different.slice(0, MOST_EXAMPLES);
}

/** What failed, as it was: when, where, how, and what the reply said. */
export const examplesSection: SectionOf = ({ summary }) => {
  const examples = failureExamples(summary);
  if (examples.length === 0) return undefined;
  const title = 'Examples of failures';
  const table = tableOf<FailureExample>(
    title,
    [
      ['Time', ({ at }) => textCell(at.slice(11, 23))],
      ['Step', ({ step, phase }) => textCell(step, { note: phase })],
      ['Failure', ({ kind }) => codeCell(kind === 'timedOut' ? TIMED_OUT : kind)],
      figureColumn({ title: 'Failed so', unit: 'requests' }, ({ count }) => showCount(count)),
      ['What came back', ({ text }) => (text === undefined ? textCell(MISSING) : longCodeCell(text))],
    ],
    examples,
  );
  return { id: 'examples', title, folded: true, blocks: [table] };
};

/** What the service itself logged of trouble while it was loaded. */
export const logsSection: SectionOf = ({ logs, logExcerpt }) => {
  if (logs === undefined) return undefined;
  const title = 'Logged by the service';
  const excerpt = logExcerpt === undefined ? [] : [quietly(excerptText(logExcerpt))];
  if (logs.length === 0)
    return { id: 'logs', title, detail: true, blocks: [quietly('No error and no warning.'), ...excerpt] };
  const timed = logs.some(({ at }) => at !== undefined);
  const table = tableOf<LoggedLine>(
    title,
    [
      ...(timed ? [firstColumn] : []),
      figureColumn({ title: 'Lines', unit: 'like it' }, ({ count }) => showCount(count)),
      ['Line', ({ text }) => longCodeCell(text)],
    ],
    logs,
  );
  return { id: 'logs', title, folded: true, blocks: [table, ...excerpt] };
};

const quietly = (text: string): Block => ({ block: 'sentence', tone: 'quiet', text });

const firstColumn: ColumnOf<LoggedLine> = ['First', ({ at = '' }) => textCell(at.slice(11, 23))];

function excerptText({ source, windows }: LogExcerpt): string {
  const spans = windows.map(({ from, to }) => `${from.slice(11, 19)} to ${to.slice(11, 19)}`);
  return `Of the log ${source} around the first failures of each kind: ${listed(spans, 'and')}.`;
}
