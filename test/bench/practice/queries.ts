/** A change of schema or statement, and the statement that it is for. All is undone afterwards. */
export interface Query {
  readonly title: string;
  /** Brings the schema into the state before the change, and then into the one after it. */
  readonly before?: string;
  readonly after?: string;
  readonly statement: { readonly before: string; readonly after: string };
}

const rows = 1_000_000;
const columns = 'visitor int NOT NULL, page int NOT NULL, month int NOT NULL';
const filled = (tableName: string): string =>
  `INSERT INTO ${tableName} SELECT i % 50000, i % 1000, 1 + (i::bigint * 12 / ${rows + 1})::int FROM generate_series(1, ${rows}) AS i`;

/** A million rows in the order of time, as a log has them; once as one table and once in a part for each month. */
export const visits: readonly string[] = [
  `CREATE UNLOGGED TABLE visits (${columns})`,
  filled('visits'),
  `CREATE TABLE visits_by_month (${columns}) PARTITION BY LIST (month)`,
  ...Array.from(
    { length: 12 },
    (_, at) => `CREATE UNLOGGED TABLE visits_${at + 1} PARTITION OF visits_by_month FOR VALUES IN (${at + 1})`,
  ),
  filled('visits_by_month'),
  'VACUUM ANALYZE visits',
  'VACUUM ANALYZE visits_by_month',
];

const same = (statement: string): Query['statement'] => ({ before: statement, after: statement });

export const queries: readonly Query[] = [
  {
    title: 'index on what is looked up (20 of 1,000,000 rows)',
    after: 'CREATE INDEX ON visits (visitor)',
    statement: same('SELECT page FROM visits WHERE visitor = 4711'),
  },
  {
    title: 'the same, covering: `(visitor) INCLUDE (page)` instead of `(visitor)`',
    before: 'CREATE INDEX visits_plain ON visits (visitor)',
    after: 'DROP INDEX visits_plain; CREATE INDEX ON visits (visitor) INCLUDE (page)',
    statement: same('SELECT page FROM visits WHERE visitor = 4711'),
  },
  {
    title: 'listing of open jobs in a city, newest first: the partial index',
    before: 'DROP INDEX jobs_open, jobs_open_trade, jobs_open_city, jobs_open_trade_city',
    after: "CREATE INDEX jobs_open_city ON jobs (city, id DESC) WHERE status = 'open'",
    statement: same("SELECT id, title FROM jobs WHERE status = 'open' AND city = 'Leeds' ORDER BY id DESC LIMIT 20"),
  },
  {
    title: 'full-text search of jobs: the GIN index',
    before: 'DROP INDEX jobs_search',
    after: 'CREATE INDEX jobs_search ON jobs USING gin (search)',
    statement: same("SELECT id FROM jobs WHERE search @@ websearch_to_tsquery('english', 'kitchen roof')"),
  },
  {
    title: 'the 400th page: after the last id seen, instead of `OFFSET 8000`',
    statement: {
      before: "SELECT id, title FROM jobs WHERE status = 'open' ORDER BY id DESC LIMIT 20 OFFSET 8000",
      after: "SELECT id, title FROM jobs WHERE status = 'open' AND id < 1112 ORDER BY id DESC LIMIT 20",
    },
  },
  {
    title: 'one month of twelve: partitions',
    statement: {
      before: 'SELECT count(*) FROM visits WHERE month = 12',
      after: 'SELECT count(*) FROM visits_by_month WHERE month = 12',
    },
  },
  {
    title: 'what an index costs: 10,000 rows written, with one index instead of none',
    after: 'CREATE INDEX ON visits (visitor)',
    statement: same('INSERT INTO visits SELECT i % 50000, i % 1000, 12 FROM generate_series(1, 10000) AS i'),
  },
];
