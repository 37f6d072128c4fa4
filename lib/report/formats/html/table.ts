import type { Block, Cell, Column, Row, Table } from '../../sections/section.ts';
import { verdictMark } from './mark.ts';
import { html, type Content, type Html } from './markup.ts';

/** A table that scrolls inside its own box, which the keyboard can reach. The first cell of a row is its header. */
export const tableHtml = ({ label, columns, rows }: Table, below: (block: Block) => Content): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${columns.map(headerCell)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => bodyRow(columns, row, below))}
      </tbody>
    </table>
  </div>`;

const headerCell = ({ title, align, unit }: Column): Html =>
  html`<th scope="col" ${align === 'right' && html` class="num"`}>
    ${title}${unit !== undefined && html` <small>(${unit})</small>`}
  </th>`;

function bodyRow(columns: readonly Column[], row: Row, below: (block: Block) => Content): Html {
  const [first, ...rest] = row.cells.map(cellHtml);
  const following = rest.map((cell, at) =>
    columns[at + 1]?.align === 'right' ? html`<td class="num">${cell}</td>` : html`<td>${cell}</td>`,
  );
  const more =
    row.below !== undefined &&
    row.below.length > 0 &&
    html`<tr class="more">
      <td colspan="${columns.length}"><div>${row.below.map(below)}</div></td>
    </tr> `;
  return html`<tr>
      <th scope="row">${first}</th>
      ${following}
    </tr>
    ${more}`;
}

function cellHtml(cell: Cell): Content {
  switch (cell.as) {
    case 'text':
      return [cell.long ? html`<span class="long">${cell.text}</span>` : cell.text, noteHtml(cell.note)];
    case 'code':
      return cell.long ? html`<code class="statement">${cell.text}</code>` : html`<code>${cell.text}</code>`;
    case 'verdict':
      return [verdictMark(cell.verdict), noteHtml(cell.note)];
    case 'figure':
      return cell.text;
  }
}

const noteHtml = (note: string | undefined): Content => note !== undefined && html` <small>${note}</small>`;
