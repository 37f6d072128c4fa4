import type { Verdict } from '../../analysis/verdict.ts';
import { isPresent, oneLine, showPerSecond, showRatio, showUs, unbroken } from '../numbers.ts';
import type { Report } from '../report.ts';
import type { PhaseSummary } from '../summary.ts';

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
const HEADER = ['phase', 'load', 'verdict', 'p50', 'p99', 'errors', 'carried', 'delay'] as const;
const LEFT_ALIGNED = 3;

/**
 * What a terminal shows at the end of a run, 80 columns wide: the headline, at most 12 lines of phases, then what is
 * doubtful. `carried` is successful requests a second, `delay` the 99th percentile of the start delay.
 */
export function textSummary(report: Report, paint: Paint = plain): string {
  const { summary, headline, doubts } = report;
  const verdict = paint(VERDICT_STYLES[summary.verdict], summary.verdict.toUpperCase());
  const blocks = [
    wrap(`${summary.verdict.toUpperCase()}  ${oneLine(headline)}`).replace(summary.verdict.toUpperCase(), verdict),
    table(summary.phases, paint),
    doubts.map((doubt) => wrap(`! ${oneLine(doubt)}`, '  ')).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function table(phases: readonly PhaseSummary[], paint: Paint): string {
  if (phases.length === 0) return 'No phase ran.';
  // Load grows along a plan, so where not all phases fit the last ones tell most.
  const room = MOST_LINES - 1;
  const shown = phases.length > room ? phases.slice(1 - room) : phases;
  const left = phases.length - shown.length;
  const rows = [[...HEADER], ...shown.map(cells)];
  const widths = columnWidths(rows);
  const lines = rows.map((row, at) => paintedRow(row, widths, shown[at - 1]?.verdict, paint));
  if (left > 0) lines.splice(1, 0, paint('dim', `… ${left} earlier phases: see the report`));
  return lines.join('\n');
}

function cells(phase: PhaseSummary): string[] {
  return [
    oneLine(phase.name),
    oneLine(phase.load).replace(' arrivals/s', '/s'),
    phase.verdict,
    showUs(phase.responseTimeUs.p50),
    showUs(phase.responseTimeUs.p99),
    showRatio(phase.errorRatio),
    showPerSecond(phase.throughputPerSecond),
    showUs(isPresent(phase.startDelayUs.p99) ? phase.startDelayUs.p99 : undefined),
  ];
}

/** As wide as needed; if that is too wide, the name and then the load give way. */
function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  const excess = Math.max(0, total - COLUMNS);
  const fromName = Math.min(excess, Math.max(0, (widths[0] ?? 0) - 12));
  return widths.map((width, column) => {
    if (column === 0) return width - fromName;
    return column === 1 ? Math.max(4, width - (excess - fromName)) : width;
  });
}

function paintedRow(
  row: readonly string[],
  widths: readonly number[],
  verdict: Verdict | undefined,
  paint: Paint,
): string {
  const texts = row.map((text, column) => {
    const width = widths[column] ?? 0;
    const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
    return column < LEFT_ALIGNED ? cut.padEnd(width) : cut.padStart(width);
  });
  if (verdict === undefined) return paint('dim', texts.join('  '));
  return texts.map((text, column) => (column === 2 ? paint(VERDICT_STYLES[verdict], text) : text)).join('  ');
}

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
