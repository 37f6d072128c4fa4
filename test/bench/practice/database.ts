import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { reportError } from '../../../bin/terminal.ts';
import { BuiltInTarget } from '../../../lib/adapters/node/built-in-target.ts';
import { say } from '../say.ts';
import { table } from '../table.ts';
import { measuredOn, timesLess } from './machine-line.ts';
import { poolTable } from './pools.ts';
import { explain, type Explained } from './explain.ts';
import { queries, type Query, visits } from './queries.ts';

/** `npm run bench:database`: the shipped PostgreSQL with and without an index, a partition, and more connections. */

/** What a change is worth to a statement; the change is undone. */
async function beforeAndAfter(client: Client, { title, statement, before, after }: Query): Promise<string[]> {
  await client.query('BEGIN');
  try {
    if (before !== undefined) await client.query(before);
    const first = await explain(client, statement.before);
    if (after !== undefined) await client.query(after);
    return rowOf(title, first, await explain(client, statement.after));
  } finally {
    await client.query('ROLLBACK');
  }
}

const rowOf = (title: string, before: Explained, after: Explained): string[] => [
  title,
  `${before.how} → ${after.how}`,
  `${before.blocks.toLocaleString('en')} → ${after.blocks.toLocaleString('en')}`,
  `${before.ms.toPrecision(3)} → ${after.ms.toPrecision(3)}`,
  timesLess(before.ms, after.ms),
];

async function measureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  say('A table of a million visits, as one and in twelve parts');
  for (const statement of visits) await client.query(statement);
  const changes: string[][] = [];
  for (const query of queries) {
    say(query.title);
    changes.push(await beforeAndAfter(client, query));
  }
  say('Connections');
  const pools = await poolTable(url);
  await client.end();
  process.stdout.write(
    `${measuredOn('npm run bench:database')} PostgreSQL ${rows[0]?.version ?? ''}.\n\n${table(
      ['change', 'how it is read', 'blocks', 'ms (median of five)', 'before ÷ after'],
      changes,
    )}\n\n${pools}\n`,
  );
}

try {
  const folder = join('runs', 'database');
  await mkdir(folder, { recursive: true });
  const { signal } = new AbortController();
  // Its own database, whatever this process was given: tables are made and indexes dropped.
  const start = { logFile: join(folder, 'target.log'), say: () => undefined, env: { DATABASE_URL: '', REDIS_URL: '' } };
  const target = await BuiltInTarget.start(start, signal);
  try {
    await measureDatabase(target.address.database);
  } finally {
    await target.stop();
  }
} catch (error) {
  process.exitCode = reportError(error);
}
