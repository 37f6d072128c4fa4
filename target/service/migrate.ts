import { readdir, readFile } from 'node:fs/promises';
import type { ClientBase } from 'pg';

const folder = new URL('migrations/', import.meta.url);
/** Any fixed number: two processes that migrate at once take turns on it. */
const lock = 7_402_118;

/**
 * Brings a database's schema up to date: the SQL files of migrations/ in the order of their names, each in its own
 * transaction with its row in schema_migrations, so a failed one leaves no trace and is tried again.
 * @returns the names applied now; empty when there was nothing to do
 */
export async function migrate(client: ClientBase): Promise<readonly string[]> {
  await client.query('SELECT pg_advisory_lock($1)', [lock]);
  try {
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ name: string }>('SELECT name FROM schema_migrations');
    const applied = new Set(rows.map((row) => row.name));
    const missing = (await migrationNames()).filter((name) => !applied.has(name));
    for (const name of missing) await apply(client, name);
    return missing;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [lock]);
  }
}

async function migrationNames(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
}

async function apply(client: ClientBase, name: string): Promise<void> {
  const sql = await readFile(new URL(name, folder), 'utf8');
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
