import type { Block, Row, Section, Table } from './section.ts';

/** What is left for formats that have less room than the page: no sections, blocks and columns of detail. */
export const withoutDetails = (sections: readonly Section[]): readonly Section[] =>
  sections.filter(({ detail }) => detail !== true).map((section) => ({ ...section, blocks: shown(section.blocks) }));

const shown = (blocks: readonly Block[]): readonly Block[] =>
  blocks.filter(({ detail }) => detail !== true).map(withFewerColumns);

function withFewerColumns(block: Block): Block {
  if (block.block === 'table') return narrowed(block);
  if (block.block !== 'groups') return block;
  return { ...block, groups: block.groups.map((group) => ({ ...group, table: narrowed(group.table) })) };
}

const narrowed = (table: Table): Table => onlyColumns(table, (at) => table.columns[at]?.detail !== true);

/** A table of fewer columns. */
export const onlyColumns = (table: Table, has: (at: number) => boolean): Table => ({
  ...table,
  columns: table.columns.filter((_, at) => has(at)),
  rows: table.rows.map(({ cells, ...row }): Row => ({ ...row, cells: cells.filter((_, at) => has(at)) })),
});
