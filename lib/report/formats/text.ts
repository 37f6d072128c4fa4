import type { Verdict } from '../../analysis/verdict.ts';
import { oneLine, unbroken } from '../numbers.ts';
import type { Report } from '../report.ts';
import { sectionsOf } from '../sections/index.ts';
import type { Block, Cell, Column, Row, Section, Table } from '../sections/section.ts';
import { onlyColumns } from '../sections/without-details.ts';

/** Names that `util.styleText` knows, so that it can be handed in as it is. */
export type TextStyle = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'magenta';
export type Paint = (style: TextStyle, text: string) => string;

const plain: Paint = (_, text) => text;

const VERDICT_STYLES: Readonly<Record<Verdict, TextStyle>> = {
  pass: 'green',
  warn: 'yellow',
  fail: 'red',
  unknown: 'dim',
  void: 'magenta',
};

/** Terminals are at least this wide; a wider table would break there. */
const COLUMNS = 80;
const MOST_LINES = 12;

/** How much room a table has. */
interface Room {
  readonly lines: number;
  readonly columns: number;
}

const SUMMARY: Room = { lines: MOST_LINES - 1, columns: COLUMNS };

/**
 * What a terminal shows at the end of a run, 80 columns wide: the headline, at most 12 lines of phases, then what is
 * doubtful. `carried` is successful requests a second, `delay` the 99th percentile of the start delay.
 */
export function textSummary(report: Report, paint: Paint = plain): string {
  const { summary, headline } = report;
  const word = summary.verdict.toUpperCase();
  const brief = sectionsOf(report).filter((section) => section.brief === true);
  // What is read before all else on a page is read last in a terminal, next to the prompt.
  const inOrder = [...brief.filter(({ lead }) => !lead), ...brief.filter(({ lead }) => lead)];
  const blocks = [
    wrap(`${word}  ${oneLine(headline)}`).replace(word, paint(VERDICT_STYLES[summary.verdict], word)),
    ...inOrder.flatMap((section) => section.blocks.map((block) => blockText(block, paint))),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Sections as a terminal shows them, every row of their tables, below a headline. `columns`: how wide a table may be. */
export function sectionsText(headline: string, sections: readonly Section[], columns = COLUMNS): string {
  const room = { lines: Number.POSITIVE_INFINITY, columns };
  const blocks = sections.flatMap(({ title, blocks: own }) => [
    oneLine(title),
    ...own.map((block) => blockText(block, plain, room)),
  ]);
  return `${[wrap(oneLine(headline)), ...blocks].filter((block) => block !== '').join('\n\n')}\n`;
}

function blockText(block: Block, paint: Paint, room = SUMMARY): string {
  switch (block.block) {
    case 'table':
      // One that has nothing for so little room.
      if (block.columns.every(({ brief }) => brief === undefined)) return '';
      return tableText(
        onlyColumns(block, (at) => block.columns[at]?.brief !== undefined),
        paint,
        room,
      );
    case 'list':
      return block.items.map(({ text }) => wrap(`! ${oneLine(text)}`, '  ')).join('\n');
    case 'sentence':
      return wrap(oneLine(block.text));
    default:
      return '';
  }
}

function tableText({ label, columns, rows: all }: Table, paint: Paint, room: Room): string {
  // Load grows along a plan, so where not all phases fit the last ones say most.
  const shown = all.length > room.lines ? all.slice(1 - room.lines) : all;
  const left = all.length - shown.length;
  const names = columns.map(({ brief }) => brief ?? '');
  const rows = shown.map(({ cells }) => cells.map(cellText));
  const widths = columnWidths([names, ...rows], room.columns);
  const header = paint('dim', padded(names, columns, widths).join('  '));
  const lines = rows.map((row, at) => painted(padded(row, columns, widths), shown[at], paint));
  const note = left > 0 ? [paint('dim', `… ${left} earlier ${label.toLowerCase()}: see the report`)] : [];
  return [header, ...note, ...lines].join('\n');
}

function cellText(cell: Cell): string {
  if (cell.as === 'verdict') return cell.verdict;
  return oneLine(cell.as === 'text' ? (cell.brief ?? cell.text) : cell.text);
}

/** As wide as needed; if that is too wide, the name and then the load give way. */
function columnWidths([names = [], ...rows]: readonly (readonly string[])[], room: number): number[] {
  const widths = names.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  const excess = Math.max(0, total - room);
  const fromName = Math.min(excess, Math.max(0, (widths[0] ?? 0) - 12));
  return widths.map((width, column) => {
    if (column === 0) return width - fromName;
    return column === 1 ? Math.max(4, width - (excess - fromName)) : width;
  });
}

const padded = (row: readonly string[], columns: readonly Column[], widths: readonly number[]): readonly string[] =>
  row.map((text, column) => {
    const width = widths[column] ?? 0;
    const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
    return columns[column]?.align === 'right' ? cut.padStart(width) : cut.padEnd(width);
  });

/** A verdict in its colour. */
const painted = (texts: readonly string[], row: Row | undefined, paint: Paint): string =>
  texts
    .map((text, column) => {
      const cell = row?.cells[column];
      return cell?.as === 'verdict' ? paint(VERDICT_STYLES[cell.verdict], text) : text;
    })
    .join('  ');

/** Breaks at spaces, but not before a unit; a word longer than a line keeps its own. */
function wrap(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of unbroken(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  // A terminal's copy should hold plain spaces.
  return [...lines, line].join('\n').replaceAll('\u{A0}', ' ');
}
