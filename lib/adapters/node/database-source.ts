import { Socket } from 'node:net';
import { Client } from 'pg';
import { codeOf } from '../../errors.ts';
import type { Statement } from '../../signals/signal.ts';
import type { SignalSource } from './sampler.ts';

/** Source: https://www.postgresql.org/docs/current/monitoring-stats.html; times of sessions are counted since version 14. */
const STATS = `
  select sessions.*, tables.*,
         current_setting('max_connections')::float8 as pg_max_connections,
         xact_commit::float8 as pg_commits, deadlocks::float8 as pg_deadlocks,
         blks_hit::float8 as pg_blocks_hit, blks_read::float8 as pg_blocks_read,
         (to_jsonb(d) ->> 'active_time')::float8 as pg_active_ms,
         (to_jsonb(d) ->> 'idle_in_transaction_time')::float8 as pg_idle_in_transaction_ms
  from pg_stat_database d,
       (select count(*)::float8 as pg_connections,
               (count(*) filter (where wait_event_type = 'Lock'))::float8 as pg_lock_waits,
               (count(*) filter (where state = 'active' and wait_event_type = 'IO'))::float8 as pg_io_waits,
               (count(*) filter (where state = 'active' and pid <> pg_backend_pid()))::float8 as pg_active,
               (count(*) filter (where state like 'idle in transaction%'))::float8 as pg_idle_in_transaction
        from pg_stat_activity where backend_type = 'client backend') sessions,
       (select coalesce(sum(seq_tup_read), 0)::float8 as pg_seq_rows_read from pg_stat_user_tables) tables
  where datname = current_database()`;

/** In its own question, since few databases have loaded what it asks for. */
const STATEMENT_COUNT = `
  select coalesce(sum(calls), 0)::float8 as pg_statement_calls
  from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())`;

/** Constants are $1, $2 … in pg_stat_statements' texts, so no data of a user is in them. */
const STATEMENTS = `
  select queryid::text as id, query as text, calls::float8 as calls, total_exec_time::float8 as ms
  from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())`;

const MOST_STATEMENTS = 10;

interface StatementRow {
  readonly id: string;
  readonly text: string;
  readonly calls: number;
  readonly ms: number;
}

interface Connection {
  readonly client: Client;
  readonly socket: Socket;
}

/** PostgreSQL's own account of its sessions, transactions and statements. */
export class DatabaseSource implements SignalSource {
  readonly #address: () => Promise<string>;
  #connection: Promise<Connection> | undefined;
  #countsStatements = true;
  #statementsBefore: ReadonlyMap<string, StatementRow> | undefined;

  /** Where it is, password and all; asked before each connection, since some passwords last for minutes. */
  constructor(address: () => Promise<string>) {
    this.#address = address;
  }

  async read(): Promise<ReadonlyMap<string, number>> {
    const { client } = await this.#connected();
    const { rows } = await client.query<Record<string, number | null>>(STATS);
    const counted = this.#countsStatements ? await client.query(STATEMENT_COUNT).catch(() => undefined) : undefined;
    this.#countsStatements = counted !== undefined;
    const found = Object.entries({ ...rows[0], ...counted?.rows[0] });
    return new Map(found.flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : [])));
  }

  /** Statements are counted from here on. */
  async markStatements(): Promise<void> {
    this.#statementsBefore = await this.#statements();
  }

  /**
   * The statements with the largest total time since the mark. None where pg_stat_statements is not there, nor where the mark
   * failed: what was there before it, such as the seeding, would count as the load's.
   */
  async slowestStatements(): Promise<Statement[]> {
    const marked = this.#statementsBefore;
    const now = marked === undefined ? undefined : await this.#statements();
    const grown = Array.from(now?.values() ?? [], (row): Statement => {
      const before = marked?.get(row.id);
      const [calls, ms] = [row.calls - (before?.calls ?? 0), row.ms - (before?.ms ?? 0)];
      return { text: row.text.replace(/\s+/g, ' ').trim(), calls, meanUs: (ms * 1000) / calls, totalUs: ms * 1000 };
    });
    const ours = STATS.slice(0, 40).replace(/\s+/g, ' ').trim();
    return grown
      .filter(({ calls, text }) => calls > 0 && !text.startsWith(ours) && !text.includes('pg_stat_statements'))
      .toSorted((a, b) => b.totalUs - a.totalUs)
      .slice(0, MOST_STATEMENTS);
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    // A database that hangs doesn't say goodbye, and must not keep this process from ending.
    connection?.socket.unref();
    await connection?.client.end();
  }

  /** A client is good for one connection. Where that fails or is lost, the next reading begins with another. */
  #connected(): Promise<Connection> {
    if (this.#connection !== undefined) return this.#connection;
    const socket = new Socket();
    const forget = (): void => {
      if (this.#connection === connected) this.#connection = undefined;
    };
    const connected = this.#connect(socket, forget);
    connected.catch(() => {
      forget();
      socket.destroy();
    });
    this.#connection = connected;
    return connected;
  }

  async #connect(socket: Socket, forget: () => void): Promise<Connection> {
    const limits = { connectionTimeoutMillis: 3000, query_timeout: 3000 };
    const named = { connectionString: await this.#address(), application_name: 'plimsoll', stream: () => socket };
    const client = new Client({ ...named, ...limits });
    client.on('error', forget).on('end', forget);
    await begin(client);
    return { client, socket };
  }

  /** Asked again where it took too long: a database under load answers late, and what is asked at a run's two ends is asked once. */
  async #statements(): Promise<ReadonlyMap<string, StatementRow> | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { client } = await this.#connected();
        const { rows } = await client.query<StatementRow>(STATEMENTS);
        return new Map(rows.map((row) => [row.id, row]));
      } catch (error) {
        if (attempt === ATTEMPTS || NOT_THERE.test(codeOf(error))) return undefined;
      }
    }
  }
}

const ATTEMPTS = 3;

/** The extension was not created (class 42), or is not loaded (class 55); nothing listens. */
const NOT_THERE = /^(?:42|55|ECONNREFUSED)/;

/**
 * A limit of its own, so that a question which is given up ends in the database too. By a statement, since RDS Proxy refuses it in the
 * start-up message (Amazon RDS User Guide, "Troubleshooting for RDS Proxy"); it pins one session, the only one of those who watch.
 */
async function begin(client: Client): Promise<void> {
  await client.connect();
  await client.query('set statement_timeout = 2000');
}
