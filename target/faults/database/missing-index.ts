import type { Database } from '../../service/database/database.ts';
import { type Fault, integer, valueOf } from '../fault.ts';

const create = {
  name: 'lab-create-visits',
  text: 'CREATE UNLOGGED TABLE IF NOT EXISTS lab_visits (visitor int, page int)',
};
const insert = {
  name: 'lab-insert-visits',
  text: 'INSERT INTO lab_visits SELECT i, i % 1000 FROM generate_series(1, $1::int) AS i',
};
const drop = { name: 'lab-drop-visits', text: 'DROP TABLE IF EXISTS lab_visits' };
const find = { name: 'lab-find-visit', text: 'SELECT page FROM lab_visits WHERE visitor = $1' };

/** Each part within the time that the database allows a statement. */
const rowsAtOnce = 100_000;

async function fill(database: Database, rows: number): Promise<void> {
  await database.rows(drop, []);
  await database.rows(create, []);
  for (let left = rows; left > 0; left -= rowsAtOnce) await database.rows(insert, [Math.min(left, rowsAtOnce)]);
}

export const missingIndex: Fault = {
  name: 'missing-index',
  title: 'A new look-up reads a whole table, for want of an index',
  bottleneck: 'database.statements',
  // Reading the whole table shows as input and output, or where it lies in memory as CPU of the database.
  alsoRight: ['database.io', 'database.cpu'],
  // 36 bytes a row, so at most 72 MB on disk.
  parameters: { rows: integer(500_000, 1_000, 2_000_000) },
  disturbs: ['GET /api/jobs'],
  work: async ({ services: { database } }, values) => {
    const rows = await database.rows(find, [1 + Math.floor(Math.random() * valueOf(values, 'rows'))]);
    return { found: rows.length };
  },
  begin: async ({ services: { database } }, values) => {
    await fill(database, valueOf(values, 'rows'));
    return async () => void (await database.rows(drop, []));
  },
};
