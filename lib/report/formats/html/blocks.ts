import { counted } from '../../../units.ts';
import { unbroken } from '../../numbers.ts';
import type { Block, Cell, Column, Groups, List, Row, Table } from '../../sections/section.ts';
import { chartsHtml } from './chart.ts';
import { verdictMark } from './mark.ts';
import { scatterHtml } from './scatter.ts';
import { html, type Content, type Html } from './markup.ts';

type Of<Name extends Block['block']> = Extract<Block, { block: Name }>;

/** How the page draws each block of a section. */
export function blockHtml(block: Block): Content {
  switch (block.block) {
    case 'table':
      return tableHtml(block);
    case 'groups':
      return block.groups.map((group) => groupHtml(block, group));
    case 'list':
      return listHtml(block);
    case 'figures':
      return figuresHtml(block);
    case 'pairs':
      return pairsHtml(block);
    case 'checks':
      return checksHtml(block);
    case 'charts':
      return chartsHtml(block);
    case 'scatter':
      return scatterHtml(block);
    case 'heading':
      return html`<h3>${block.title}</h3>`;
    case 'sentence':
      return html`<p class="${block.tone}">${block.text}</p>`;
    case 'finding':
      return html`<p class="finding"><strong>${block.text}</strong> <span>${block.note}</span></p>`;
    case 'remark':
      return html`<p><b>${block.label}.</b> ${unbroken(block.text)}</p>`;
  }
}

function groupHtml({ noun }: Groups, group: Groups['groups'][number]): Html {
  const { name, empty, table } = group;
  if (table.rows.length === 0) return html`<p class="quiet">${empty}</p>`;
  return html`<details class="block">
    <summary>${name} <small>${counted(table.rows.length, noun)}</small></summary>
    ${tableHtml(table)}
  </details>`;
}

/** Advice has a style of its own, since each item is followed by its reason. */
function listHtml({ ordered, items }: List): Html {
  const entries = items.map(({ text, why }) =>
    why === undefined
      ? html`<li>${unbroken(text)}</li>`
      : html`<li>${unbroken(text)} <span>Why: ${unbroken(why)}</span></li>`,
  );
  if (ordered !== true)
    return html`<ul>
      ${entries}
    </ul>`;
  return items.some(({ why }) => why !== undefined)
    ? html`<ol class="advice">
        ${entries}
      </ol>`
    : html`<ol>
        ${entries}
      </ol>`;
}

const figuresHtml = ({ figures }: Of<'figures'>): Html =>
  html`<dl class="figures">
    ${figures.map(
      ({ label, value, note }) =>
        html`<div>
          <dt>${label}</dt>
          <dd><b>${unbroken(value)}</b> <span>${unbroken(note)}</span></dd>
        </div>`,
    )}
  </dl>`;

const pairsHtml = ({ pairs }: Of<'pairs'>): Html =>
  html`<dl class="pairs">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;

const checksHtml = ({ summary, open, checks }: Of<'checks'>): Html =>
  html`<details${open && html` open`}><summary>${summary}</summary>
<ul class="objectives">${checks.map(
    ({ verdict, code, measured }) =>
      html`<li>
        ${verdictMark(verdict)} <code>${code}</code>
        <span>measured <b>${measured}</b></span>
      </li>`,
  )}</ul></details>`;

/** A table that scrolls inside its own box, which the keyboard can reach. The first cell of a row is its header. */
const tableHtml = ({ label, columns, rows }: Table): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${columns.map(headerCell)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => bodyRow(columns, row))}
      </tbody>
    </table>
  </div>`;

const headerCell = ({ title, align, unit }: Column): Html =>
  html`<th scope="col" ${align === 'right' && html` class="num"`}>
    ${title}${unit !== undefined && html` <small>(${unit})</small>`}
  </th>`;

function bodyRow(columns: readonly Column[], row: Row): Html {
  const [first, ...rest] = row.cells.map(cellHtml);
  const following = rest.map((cell, at) =>
    columns[at + 1]?.align === 'right' ? html`<td class="num">${cell}</td>` : html`<td>${cell}</td>`,
  );
  const more =
    row.below !== undefined &&
    row.below.length > 0 &&
    html`<tr class="more">
      <td colspan="${columns.length}"><div>${row.below.map(blockHtml)}</div></td>
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
