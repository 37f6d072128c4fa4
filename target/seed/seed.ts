import { Client, type ClientBase } from 'pg';
import { TargetFailure } from '../failure.ts';
import { migrate } from '../service/migrate.ts';
import { watcherStatement } from './watcher.ts';
import { seededTables, seedStatements } from './statements.ts';

/**
 * Makes a database ready for a run: schema up to date, all data replaced by the seed, statistics fresh.
 * Only in a database that is empty or carries our marker table `plimsoll_test_data`.
 * @returns seconds it took
 * @throws TargetFailure E-TARGET-DATABASE, E-TARGET-NOT-OURS or E-TARGET-SEED
 */
export async function seedDatabase(url: string, size: { users: number; jobs: number }): Promise<number> {
  const startedAtMs = performance.now();
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // Without a listener a lost connection would end the process; the query in flight fails anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // The database's limit is meant for requests; without any, a task that is stuck would go on when its run is over. By a statement,
    // since RDS Proxy refuses it in the start-up message; that this pins the one session is what the migrations' lock needs anyway.
    await client.query("SET statement_timeout = '10min'");
    await claim(client);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error instanceof TargetFailure ? error : new TargetFailure('E-TARGET-DATABASE', error);
  }
  try {
    await migrate(client);
    // For reports' slowest statements, and who reads them. Where the role may not, they are missing, and the data is as good.
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements').catch(() => undefined);
    await client.query(watcherStatement).catch(() => undefined);
    await load(client, size);
  } catch (error) {
    throw new TargetFailure('E-TARGET-SEED', error);
  } finally {
    await client.end().catch(() => undefined);
  }
  return Math.round((performance.now() - startedAtMs) / 100) / 10;
}

/** Everything a user could have put into a database, except what extensions and PostgreSQL itself bring along. */
const foreignRelations = `SELECT count(*)::int AS count FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
    AND n.nspname NOT LIKE 'pg\\_temp%'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')`;

/** The marker comes first, so a load that is cut short can be repeated. */
async function claim(client: ClientBase): Promise<void> {
  const marker = await client.query<{ found: boolean }>(
    `SELECT to_regclass('public.plimsoll_test_data') IS NOT NULL AS found`,
  );
  if (marker.rows[0]?.found === true) return;
  const { rows } = await client.query<{ count: number }>(foreignRelations);
  if (rows[0]?.count !== 0) throw new TargetFailure('E-TARGET-NOT-OURS', `${rows[0]?.count} relations`);
  await client.query(
    'CREATE TABLE public.plimsoll_test_data (users integer NOT NULL, jobs integer NOT NULL, seeded_at timestamptz NOT NULL)',
  );
}

async function load(client: ClientBase, size: { users: number; jobs: number }): Promise<void> {
  await client.query('BEGIN');
  for (const { text, values } of seedStatements) await client.query(text, [...values(size)]);
  await client.query('DELETE FROM plimsoll_test_data');
  await client.query('INSERT INTO plimsoll_test_data VALUES ($1, $2, now())', [size.users, size.jobs]);
  await checkCounts(client, size);
  await client.query('COMMIT');
  await client.query(`VACUUM (ANALYZE) ${seededTables.join(', ')}`);
}

/** What a run relies upon is there and nothing else, such as the users of the run before: in the same transaction, or not at all. */
async function checkCounts(client: ClientBase, { users, jobs }: { users: number; jobs: number }): Promise<void> {
  const { rows } = await client.query<{ users: number; jobs: number }>(
    'SELECT (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM jobs) AS jobs',
  );
  const [found] = rows;
  if (found?.users !== users || found.jobs !== jobs)
    throw new Error(`${found?.users} users and ${found?.jobs} jobs instead of ${users} and ${jobs}`);
}
