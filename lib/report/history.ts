import type { FigureCourse, FigureChange, RunHistory, PastRun } from '../analysis/history/history.ts';
import { counted } from '../units.ts';
import { showTime } from './numbers.ts';
import { figureColumn, tableOf, textCell, verdictCell, type Section, type Table } from './sections/section.ts';
import { showFigure, showShare } from './shifts.ts';

/** A change with the course in which it is. */
interface ShownChange extends FigureChange {
  readonly course: FigureCourse;
}

const changesOf = ({ courses }: RunHistory): readonly ShownChange[] =>
  courses
    .flatMap((course) => course.changes.map((change) => ({ ...change, course })))
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));

/** One sentence on a whole history. */
export function historyHeadline(history: RunHistory): string {
  const [latest] = changesOf(history);
  const runs = `${counted(history.runs.length, 'run')} of ${history.plan}`;
  return latest === undefined ? `${runs}: no change found.` : `${runs}. The latest change: ${sentenceOf(latest)}`;
}

function sentenceOf({ course, since, startedAt, runs, before, after, shift, verdict }: ShownChange): string {
  const { title, subject, figure, scale } = course;
  const [from, to] = [showFigure(figure, before), showFigure(figure, after)];
  return `${title} in ${subject} is ${verdict} by ${showShare(scale, shift)} (${from} → ${to}) since ${since}, ${showTime(startedAt)}, over ${counted(runs, 'run')}.`;
}

/** A history as sections: what has changed, the latest first, then the runs, the newest first. */
export function historySections(history: RunHistory): readonly Section[] {
  const changes = changesOf(history);
  const found: Section[] =
    changes.length === 0
      ? []
      : [
          {
            id: 'changes',
            title: 'Changes',
            blocks: [{ block: 'list', items: changes.map((change) => ({ text: sentenceOf(change) })) }],
          },
        ];
  const names = [...new Set(history.courses.map(({ subject }) => subject))];
  const runs = names.map((name): Section => ({ id: name, title: name, blocks: [runsTable(history, name)] }));
  return [...found, ...runs];
}

/** A value of each figure, and a mark where a change begins. */
function runsTable({ runs, courses }: RunHistory, subject: string): Table {
  const own = courses.filter((course) => course.subject === subject);
  const titles = new Map(own.map(({ figure, title }) => [figure, title]));
  const columns = Array.from(titles, ([figure, title]) =>
    figureColumn<PastRun>({ title, brief: briefName(figure) }, ({ id }) => {
      const course = own.find((each) => each.figure === figure && each.values.some(({ run }) => run === id));
      const shown = showFigure(figure, course?.values.find(({ run }) => run === id)?.value);
      const change = course?.changes.find(({ since }) => since === id);
      return change === undefined ? shown : `${change.verdict === 'worse' ? '✗' : '✓'} ${shown}`;
    }),
  );
  const shown = runs.filter(({ subjects }) => subjects.some(({ name }) => name === subject)).toReversed();
  return tableOf<PastRun>(
    `Runs of ${subject}`,
    [
      [
        { title: 'Started', brief: 'started' },
        (run) => textCell(showTime(run.startedAt), { brief: run.startedAt.slice(0, 16) }),
      ],
      [{ title: 'Verdict', brief: 'verdict' }, ({ verdict }) => verdictCell(verdict)],
      ...columns,
      [{ title: 'Run' }, ({ id }) => textCell(id)],
    ],
    shown,
  );
}

const briefName = (figure: string): string =>
  ({ throughput: 'carried', errorRatio: 'errors', capacity: 'capacity' })[figure] ?? figure.replace(/^.*\./, '');
