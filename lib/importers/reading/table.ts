import { columnsOf, CsvReader } from './csv.ts';
import type { LineCount } from './importer.ts';
import { LineTally } from './line-tally.ts';

/** A row of a small CSV document, by the names of its header. */
export interface TableRow {
  text(name: string): string;
  /** NaN where the field is empty, `N/A` or missing. */
  number(name: string): number;
}

export interface CsvTable {
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
  readonly lines: LineCount;
}

/** Reads a CSV document whole, of it the rows that are `wanted`. Rows of another width than the header's are bad. */
export function csvTableOf(text: string, wanted: (row: TableRow) => boolean = () => true): CsvTable {
  const rows: TableRow[] = [];
  const tally = new LineTally();
  let header: readonly string[] = [];
  let columns: Readonly<Record<string, number>> = {};
  const reader = new CsvReader(',', (fields, line, wrong) => {
    if (header.length === 0) {
      header = fields.map((field) => field.trim());
      columns = columnsOf(header, header);
      return;
    }
    if (wrong !== undefined || fields.length !== header.length)
      return tally.reject(line, wrong ?? `it has ${fields.length} of ${header.length} columns`);
    tally.good += 1;
    const own = [...fields];
    const field = (name: string): string => (Object.hasOwn(columns, name) ? (own[columns[name] ?? -1] ?? '') : '');
    const row: TableRow = { text: field, number: (name) => numberOf(field(name)) };
    if (wanted(row)) rows.push(row);
  });
  reader.write(text);
  reader.end();
  return { header, rows, lines: tally.checked('a table of figures') };
}

const numberOf = (field: string): number => (field.trim() === '' ? Number.NaN : Number(field));
