import type { Verdict } from '../../analysis/verdict.ts';
import type { SignalUnit } from '../../signals/signal.ts';
import type { KeyFigure } from '../figures.ts';
import type { Report } from '../report.ts';
import type { Chart, Frame } from './charts/chart.ts';

/** A `note` stands beside the text, small, where there is room; `brief` stands for it where there is little. */
interface TextMore {
  readonly note?: string;
  readonly brief?: string;
  /** May take several lines. */
  readonly long?: true;
}

/**
 * What stands in one cell, by what it is: a format decides how it is drawn. A `figure` is a number with its unit, formatted
 * already.
 */
export type Cell =
  | ({ readonly as: 'text'; readonly text: string } & TextMore)
  | { readonly as: 'code'; readonly text: string; readonly long?: true }
  | { readonly as: 'figure'; readonly text: string }
  | { readonly as: 'verdict'; readonly verdict: Verdict; readonly note?: string };

/**
 * `unit` stands in the header where the cells hold bare counts. A terminal has room for the columns that have a `brief`
 * name; `detail` is what only the page has room for.
 */
export interface Column {
  readonly title: string;
  readonly unit?: string;
  readonly align?: 'right';
  readonly brief?: string;
  readonly detail?: true;
}

/** A row has a cell for each column. `below` it, as wide as the table, stands what only the page has room for. */
export interface Row {
  readonly cells: readonly Cell[];
  readonly below?: readonly Block[];
}

/** `label` names the table for those who don't see it. */
export interface Table {
  readonly block: 'table';
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** The rows of one table, parted by what `column` names: folded one by one on the page, elsewhere a column in front. */
export interface Groups {
  readonly block: 'groups';
  readonly column: string;
  readonly noun: string;
  readonly groups: readonly { readonly name: string; readonly empty: string; readonly table: Table }[];
}

/** Items with a `why` are advice; `ordered` ones are to be done in this order. */
export interface List {
  readonly block: 'list';
  readonly ordered?: true;
  readonly items: readonly { readonly text: string; readonly why?: string }[];
}

/** Charts on the run's one time axis; without a title those of the run itself. */
export interface Charts {
  readonly block: 'charts';
  readonly title?: string;
  readonly frame: Frame;
  readonly charts: readonly Chart[];
}

/** What was tried at `x`, how it came out at `y`. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly verdict: Verdict;
  readonly note: string;
}

/** Dots on two logarithmic axes; `span` of the first is what they leave possible, `limit` of the second is not to be crossed. */
export interface Scatter {
  readonly block: 'scatter';
  readonly label: string;
  readonly x: { readonly title: string };
  readonly y: { readonly unit: SignalUnit };
  readonly dots: readonly Dot[];
  readonly span?: readonly [low: number, high: number];
  readonly limit?: number;
}

/** A block of `detail` is one that only the page has room for. */
export type Block = { readonly detail?: true } & (
  | Table
  | Groups
  | List
  | {
      readonly block: 'figures';
      readonly names: readonly [label: string, value: string, note: string];
      readonly figures: readonly KeyFigure[];
    }
  | { readonly block: 'pairs'; readonly names: Pair; readonly pairs: readonly Pair[] }
  | { readonly block: 'heading'; readonly title: string }
  | {
      readonly block: 'sentence';
      readonly text: string;
      readonly tone: 'quiet' | 'note' | 'reason';
    }
  | { readonly block: 'finding'; readonly text: string; readonly note: string }
  | { readonly block: 'remark'; readonly label: string; readonly text: string }
  | {
      readonly block: 'checks';
      readonly summary: string;
      readonly open: boolean;
      readonly checks: readonly Check[];
    }
  | Charts
  | Scatter
);

type Pair = readonly [name: string, value: string];

/** An objective, what was measured of it, and the verdict. */
export interface Check {
  readonly verdict: Verdict;
  readonly code: string;
  readonly measured: string;
}

/** A part of a report, as plain data: what it says, and nothing of how a format draws it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Read before the contents; `unnamed` where the headline above it is title enough. */
  readonly lead?: 'named' | 'unnamed';
  /** Long, and read only on demand: closed where a format can fold. */
  readonly folded?: true;
  /** Shown at the end of a run, in a terminal. */
  readonly brief?: true;
  /** Only the page has room for it. */
  readonly detail?: true;
  /** Says in rows of its own what the page shows below the rows of another table. */
  readonly flat?: true;
}

/** None where the report has nothing to say of it. */
export type SectionOf = (report: Report) => Section | undefined;

export const textCell = (own: string, more: TextMore = {}): Cell => ({
  as: 'text',
  text: own,
  ...more,
});
export const codeCell = (own: string): Cell => ({ as: 'code', text: own });
/** Code that takes several lines. */
export const longCodeCell = (own: string): Cell => ({ as: 'code', text: own, long: true });
export const figureCell = (own: string): Cell => ({ as: 'figure', text: own });
export const verdictCell = (own: Verdict, note?: string): Cell => ({
  as: 'verdict',
  verdict: own,
  ...(note !== undefined && { note }),
});

/** A column together with how its cells are read from an item, so that a header never stands above the wrong cells. */
export type ColumnOf<Item> = readonly [column: Column | string, cell: (item: Item) => Cell];

/** A column of figures, aligned by their last digit. */
export const figureColumn = <Item>(
  column: Column | string,
  show: (item: Item) => string,
): readonly [Column, (item: Item) => Cell] => [
  { ...columnOf(column), align: 'right' },
  (item) => figureCell(show(item)),
];

const columnOf = (column: Column | string): Column => (typeof column === 'string' ? { title: column } : column);

export const tableOf = <Item>(
  label: string,
  columns: readonly ColumnOf<Item>[],
  items: readonly Item[],
  below?: (item: Item) => readonly Block[],
): Table => ({
  block: 'table',
  label,
  columns: columns.map(([column]) => columnOf(column)),
  rows: items.map((item) => ({
    cells: columns.map(([, cell]) => cell(item)),
    ...(below !== undefined && { below: below(item) }),
  })),
});
