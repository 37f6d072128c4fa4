import { columnsOf, CsvReader } from './csv.ts';
import { LineTally } from './line-tally.ts';

/** A row of a CSV document, by the names of its header; it must be read while it is handed over. */
export interface TableRow {
  text(name: string): string;
  /** NaN where the field is empty, `N/A` or missing. */
  number(name: string): number;
}

/** Reads a CSV document whole, and hands on its rows one by one. Rows of another width than the header's are bad. */
export function readRows(text: string, onRow: (row: TableRow, header: readonly string[]) => void): LineTally {
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
  return tally;
}

const numberOf = (field: string): number => (field.trim() === '' ? Number.NaN : Number(field));
