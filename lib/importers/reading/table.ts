import { columnsOf, CsvReader } from './csv.ts';
import { secondTable } from './failure.ts';
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
  const columnOf = (name: string): number => (Object.hasOwn(columns, name) ? (columns[name] ?? -1) : -1);
  const reader = new CsvReader(',', (row, line, wrong) => {
    if (header.length === 0) {
      header = row.texts().map((field) => field.trim());
      columns = columnsOf(header, header);
      return;
    }
    if (row.text(0).trim() === header[0] && row.width === header.length) throw secondTable(line);
    if (wrong !== undefined || row.width !== header.length)
      return tally.reject(line, wrong ?? `it has ${row.width} of ${header.length} columns`);
    tally.good += 1;
    onRow({ text: (name) => row.text(columnOf(name)), number: (name) => row.number(columnOf(name)) }, header);
  });
  reader.write(Buffer.from(text));
  reader.end();
  return tally;
}
