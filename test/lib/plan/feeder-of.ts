import { csvReader, readCsv } from '../../../lib/document/csv.ts';
import { feederRows, type Feeder, type Plan } from '../../../lib/plan/plan.ts';

/** A feeder of a CSV, as a plan has it. */
export function feederOf(name: string, order: Feeder['order'], csv: string): Feeder {
  const { columns, table } = readCsv(new TextEncoder().encode(csv));
  return { name, order, columns, rows: feederRows(table) };
}

/** The rows of a plan's first feeder. */
export function rowsOf({ feeders: [feeder] }: Plan): string[][] {
  const { rows } = feeder ?? {};
  return rows === undefined ? [] : Array.from(rows.starts, csvReader(rows));
}
