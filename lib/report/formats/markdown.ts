import type { Verdict } from '../../analysis/verdict.ts';
import { oneLine, showTime } from '../numbers.ts';
import type { Report } from '../report.ts';
import { sectionsOf } from '../sections/index.ts';
import type { Block, Cell, Column, Groups, List, Section, Table } from '../sections/section.ts';
import { withoutDetails } from '../sections/without-details.ts';

const MARKS: Readonly<Record<Verdict, string>> = {
  pass: '✅ pass',
  warn: '⚠️ warn',
  fail: '❌ fail',
  unknown: '❔ unknown',
  void: '🚫 void',
};

/** `report.md`, for a pull request's comment or a step summary: GitHub's Markdown, the headline first. */
export function renderMarkdown(report: Report): string {
  const sections = withoutDetails(sectionsOf(report)).map(sectionText);
  return `${paragraphs([heading(report), ...sections])}\n`;
}

function heading({ summary, headline }: Report): string {
  const partial = summary.partial === true ? ' (partial run)' : '';
  const when = `${code(summary.plan.name)} against ${code(summary.target)}, ${escape(showTime(summary.run.startedAt))}`;
  return `## ${MARKS[summary.verdict]}${partial}: ${escape(headline)}\n\n${when}`;
}

/** Sections alone below a headline of their own. */
export const sectionsMarkdown = (headline: string, sections: readonly Section[]): string =>
  `${paragraphs([`## ${escape(headline)}`, ...sections.map(sectionText)])}\n`;

/** Nothing where its blocks have nothing to show here. */
function sectionText({ title, blocks, lead, folded }: Section): string {
  const body = paragraphs(blocks.map(blockText));
  if (body === '' || lead === 'unnamed') return body;
  return folded ? `<details><summary>${title}</summary>\n\n${body}\n\n</details>` : `### ${escape(title)}\n\n${body}`;
}

function blockText(block: Block): string {
  switch (block.block) {
    case 'table':
      return paragraphs([
        table(
          block.columns,
          block.rows.map(({ cells }) => cells.map(cellText)),
        ),
        block.rows.flatMap(sentencesBelow).join('\n'),
      ]);
    case 'groups':
      return groups(block);
    case 'list':
      return list(block);
    case 'figures':
      return table(
        block.names.map((title, at) => (at === 1 ? { title, align: 'right' } : { title })),
        block.figures.map(({ label, value, note }) => [label, `**${value}**`, escape(note)]),
      );
    case 'pairs':
      return table(
        block.names.map((title) => ({ title })),
        block.pairs.map((pair) => pair.map(escape)),
      );
    case 'heading':
      return `#### ${escape(block.title)}`;
    case 'sentence':
      return escape(block.text);
    case 'finding':
      return `**${escape(block.text)}** (${escape(block.note)})`;
    case 'remark':
      return `**${block.label}:** ${escape(block.text)}`;
    // Markdown draws no charts, and of what stands below a row it has the sentences alone.
    case 'charts':
    case 'scatter':
    case 'checks':
      return '';
  }
}

/** A table of Markdown has nothing between its rows, so they follow it, by the row's name. */
const sentencesBelow = ({ cells: [name], below = [] }: Table['rows'][number]): string[] =>
  below.flatMap((block) =>
    block.block === 'sentence' && name !== undefined ? [`- ${cellText(name)}: ${escape(block.text)}`] : [],
  );

function groups({ column, groups: own }: Groups): string {
  const columns = own[0]?.table.columns ?? [];
  const rows = own.flatMap(({ name, table: { rows: each } }) =>
    each.map(({ cells }) => [escape(name), ...cells.map(cellText)]),
  );
  return rows.length === 0 ? '' : table([{ title: column }, ...columns], rows);
}

const list = ({ items }: List): string =>
  items.map(({ text, why }) => `- ${escape(text)}${why === undefined ? '' : ` *Why:* ${escape(why)}`}`).join('\n');

function cellText(cell: Cell): string {
  switch (cell.as) {
    case 'text':
      return escape(cell.text);
    case 'code':
      return code(cell.text);
    case 'verdict':
      return MARKS[cell.verdict];
    case 'figure':
      return cell.text;
  }
}

const paragraphs = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const header = ({ title, unit }: Column): string => (unit === undefined ? title : `${title} (${unit})`);

const table = (columns: readonly Column[], rows: readonly (readonly string[])[]): string =>
  [
    line(columns.map(header)),
    line(columns.map(({ align }) => (align === 'right' ? '--:' : '---'))),
    ...rows.map(line),
  ].join('\n');

/** Text as it is, whatever it holds: no markup, no HTML, no table cell's end, and no mention of a user by accident. */
const escape = (text: string): string =>
  oneLine(text)
    .replaceAll(/[\\`*_[\]|~#]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@<!-- -->');

/** In a code span nothing but backticks and, in a table, pipes needs care (GFM, 4.10 and 6.1). */
function code(text: string): string {
  const plain = oneLine(text).replaceAll('|', String.raw`\|`);
  const fence = '`'.repeat(Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const pad = plain.startsWith('`') || plain.endsWith('`') || plain.trim() === '' ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}
