import { html, type Content, type Html } from './markup.ts';

/** `num` columns are aligned to the right; `unit` stands in the header where the cells hold bare counts. */
export interface Column {
  readonly name: string;
  readonly num?: true;
  readonly unit?: string;
}

export interface Row {
  readonly cells: readonly Content[];
  /** Stands below the cells, as wide as the table. */
  readonly more?: Content;
}

export const text = (name: string): Column => ({ name });
export const num = (name: string, unit?: string): Column => ({ name, num: true, ...(unit !== undefined && { unit }) });

/** A table that scrolls inside its own box, which the keyboard can reach. The first cell of a row is its header. */
export const table = (label: string, columns: readonly Column[], rows: readonly Row[]): Html =>
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

const headerCell = ({ name, num: isNumber, unit }: Column): Html =>
  html`<th scope="col" ${isNumber && html` class="num"`}>
    ${name}${unit !== undefined && html` <small>(${unit})</small>`}
  </th>`;

function bodyRow(columns: readonly Column[], { cells, more }: Row): Html {
  const [first, ...rest] = cells;
  const following = rest.map((cell, at) =>
    columns[at + 1]?.num === true ? html`<td class="num">${cell}</td>` : html`<td>${cell}</td>`,
  );
  const below =
    more !== undefined &&
    more !== false &&
    html`<tr class="more">
      <td colspan="${columns.length}"><div>${more}</div></td>
    </tr> `;
  return html`<tr>
      <th scope="row">${first}</th>
      ${following}
    </tr>
    ${below}`;
}
