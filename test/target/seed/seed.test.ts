import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { seedDatabase } from '../../../target/seed/seed.ts';
import { parseSeedSize } from '../../../target/seed/size.ts';
import { seededTables } from '../../../target/seed/statements.ts';
import { migrate } from '../../../target/service/migrate.ts';
import { type OwnPostgres, startPostgres } from '../../../target/stack/postgres.ts';

let postgres: OwnPostgres;
let admin: Client;

beforeAll(async () => {
  postgres = await startPostgres(() => undefined);
  admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await postgres.stop();
});

/** A fresh database of the service's role, by URL. */
async function freshDatabase(name: string): Promise<string> {
  await admin.query(`CREATE DATABASE ${name} OWNER marketplace`);
  return postgres.serviceUrl.replace(/marketplace$/, name);
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Row>(text);
  await client.end();
  return rows;
}

/** One hash over all rows of each table, in the order of their ids. */
async function contentsOf(url: string): Promise<unknown[]> {
  const hashes = seededTables.map((table) =>
    query(url, `SELECT '${table}' AS name, count(*)::int, md5(string_agg(t::text, '|' ORDER BY id)) FROM ${table} t`),
  );
  return (await Promise.all(hashes)).flat();
}

test('two databases get the same rows, and a second load of one the same again', async () => {
  const [one, two] = [await freshDatabase('one'), await freshDatabase('two')];
  await seedDatabase(one, { users: 500, jobs: 60 });
  await seedDatabase(two, { users: 500, jobs: 60 });
  const contents = await contentsOf(one);
  expect(await contentsOf(two)).toEqual(contents);
  await query(
    one,
    `DELETE FROM payments; INSERT INTO users (email, password_hash, name, role) VALUES ('x@y', '', '', 'trade')`,
  );
  await seedDatabase(one, { users: 500, jobs: 60 });
  expect(await contentsOf(one)).toEqual(contents);
  // 2 bids a job; every 10th of 60 jobs has an escrow account, every 20th one that is paid.
  const counts = { users: 500, jobs: 60, bids: 120, escrow_accounts: 6, payments: 3, disputes: 0 };
  expect(contents).toMatchObject(Object.entries(counts).map(([name, count]) => ({ name, count })));
});

test('the rows make sense', async () => {
  const url = await freshDatabase('sense');
  await seedDatabase(url, { users: 1_000, jobs: 2_000 });
  const [facts] = await query(
    url,
    `SELECT (SELECT count(*)::int FROM users WHERE role = 'customer' AND verified_at IS NOT NULL) AS customers,
      (SELECT count(*)::int FROM jobs j JOIN users u ON u.id = j.customer_id WHERE u.role <> 'customer') AS strange_owners,
      (SELECT count(*)::int FROM bids b JOIN users u ON u.id = b.trade_id WHERE u.role <> 'trade') AS strange_bidders,
      (SELECT count(DISTINCT (trade, city))::int FROM jobs) AS mixes,
      (SELECT count(DISTINCT customer_id)::int FROM jobs) AS owners,
      (SELECT email FROM users WHERE id = 7) AS seventh`,
  );
  // 2,000 jobs over 10 × 20 mixes, evenly at random, leave 200 × 0.995^2000 ≈ 0 empty; 500 customers, e^-4 of them without a job.
  expect(facts).toMatchObject({
    customers: 500,
    strange_owners: 0,
    strange_bidders: 0,
    mixes: 200,
    seventh: 'user000007@example.test',
  });
  expect((facts as { owners: number }).owners).toBeGreaterThan(450);
});

test('new rows get ids after the seeded ones', async () => {
  const url = await freshDatabase('ids');
  await seedDatabase(url, { users: 10, jobs: 3 });
  const insert = `INSERT INTO users (email, password_hash, name, role) VALUES ('new@example.test', '', 'n', 'trade') RETURNING id`;
  expect(await query(url, insert)).toEqual([{ id: '11' }]);
});

test('no job and the least users is a load, too', async () => {
  const url = await freshDatabase('least');
  await expect(seedDatabase(url, { users: 2, jobs: 0 })).resolves.toBeGreaterThanOrEqual(0);
  expect(await query(url, 'SELECT users, jobs FROM plimsoll_test_data')).toEqual([{ users: 2, jobs: 0 }]);
});

test('a database with anything else in it is refused and left as it is', async () => {
  const url = await freshDatabase('foreign_data');
  await query(url, 'CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)');
  await expect(seedDatabase(url, { users: 2, jobs: 1 })).rejects.toMatchObject({ code: 'E-TARGET-NOT-OURS' });
  expect(await query(url, `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`)).toEqual([
    { relname: 'orders' },
  ]);
});

test('migrations are applied once, each whole or not at all', async () => {
  const url = await freshDatabase('migrations');
  // The second migration must fail: its table is there already. The first stays, the second leaves no trace.
  await query(url, 'CREATE TABLE bids (id int)');
  const client = new Client({ connectionString: url });
  await client.connect();
  await expect(migrate(client)).rejects.toThrow('bids');
  expect(await query(url, `SELECT to_regclass('jobs') AS jobs, to_regclass('users') IS NOT NULL AS users`)).toEqual([
    { jobs: null, users: true },
  ]);
  await client.query('DROP TABLE bids');
  expect(await migrate(client)).toEqual(['002-jobs-and-bids.sql', '003-escrow.sql']);
  expect(await migrate(client)).toEqual([]);
  await client.end();
});

test.each(['jobs', 'search'])('open jobs of a trade, and a rare word, are found by index: %s', async (what) => {
  const url = await freshDatabase(`plan_${what}`);
  await seedDatabase(url, { users: 1_000, jobs: 3_000 });
  const condition =
    what === 'jobs'
      ? `status = 'open' AND trade = 'tiler' AND id < 2000`
      : `search @@ websearch_to_tsquery('english', 'wyvern')`;
  const plan = await query<{ 'QUERY PLAN': string }>(
    url,
    `EXPLAIN SELECT id FROM jobs WHERE ${condition} ORDER BY id DESC LIMIT 20`,
  );
  expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toMatch(
    what === 'jobs' ? /jobs_open_trade/ : /jobs_search/,
  );
});

test.each([
  [[], { users: 100_000, jobs: 10_000 }],
  [['--users', '2000', '--jobs', '200'], { users: 2_000, jobs: 200 }],
  [['--jobs=0'], { users: 100_000, jobs: 0 }],
])('the size from %j', (args, size) => {
  expect(parseSeedSize(args)).toEqual(size);
});

test.each([
  [['--users', '1']],
  [['--users', '1000000']],
  [['--users', '1e3']],
  [['--jobs', '-1']],
  [['--jobs']],
  [['x']],
])('no size from %j', (args) => {
  expect(() => parseSeedSize(args)).toThrow(/^E-TARGET-OPTION: /);
});

test('the limits of statements stand in the role, where RDS has them in its parameter group', async () => {
  const shown = (name: string) => query<Record<string, string>>(postgres.serviceUrl, `SHOW ${name}`);
  expect(await shown('statement_timeout')).toEqual([{ statement_timeout: '5s' }]);
  expect(await shown('idle_in_transaction_session_timeout')).toEqual([{ idle_in_transaction_session_timeout: '10s' }]);
});
