import { columnsOf, CsvReader } from './csv.ts';
import type { LineCount } from './importer.ts';
import { LineTally } from './line-tally.ts';

/** A row of a CSV document, by the names of its header; it must be read while it is handed over. */
export interface TableRow {
  text(name: string): string;
  /** NaN where the field is empty, `N/A` or missing. */
  number(name: string): number;
}

/** What was read of a document beside its rows. */
export interface ReadRows {
  readonly header: readonly string[];
  readonly lines: LineCount;
}

/**
 * Reads a CSV document whole, and hands on its rows one by one. Rows of another width than the header's are bad.
 * @throws PlimsollError E-IMPORT-DAMAGED where there is no good row
 */
export function readRows(text: string, onRow: (row: TableRow, header: readonly string[]) => void): ReadRows {
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
    const field = (name: string): string => (Object.hasOwn(columns, name) ? (fields[columns[name] ?? -1] ?? '') : '');
    onRow({ text: field, number: (name) => numberOf(field(name)) }, header);
  });
  reader.write(text);
  reader.end();
  return { header, lines: tally.checked('a table of figures') };
}

const numberOf = (field: string): number => (field.trim() === '' ? Number.NaN : Number(field));
