import { performance } from 'node:perf_hooks';
import { type CustomTypesConfig, Pool, type PoolClient, type QueryResultRow, types } from 'pg';
import type { Metrics } from '../metrics.ts';
import { Problem } from '../problems.ts';

/** A named prepared statement: parsed and planned once for each connection, which is worth half the throughput of a read. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Something that runs statements: the pool, or one transaction. */
export interface Queryable {
  rows<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** Runs `work` between BEGIN and COMMIT on one connection; rolls back when it throws. Keep it short: no calls elsewhere. */
  transaction<Result>(work: (transaction: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolMax: number;
  /** How long a request waits for a connection before it is told to come back later. */
  readonly poolWaitMs: number;
}

/** Opens a pool of connections. Errors reach the caller as pg throws them, but a pool wait that expired is Problem pool-timeout. */
export function openDatabase(options: DatabaseOptions, metrics: Metrics): Database {
  const pool = createPool(options);
  metrics.observePool(pool, options.poolMax);

  async function connection(): Promise<PoolClient> {
    const askedAtMs = performance.now();
    try {
      return await pool.connect();
    } catch (error) {
      // pg-pool has no error code for it: https://github.com/brianc/node-postgres/blob/master/packages/pg-pool/index.js
      if (!(error instanceof Error) || !error.message.startsWith('timeout exceeded')) throw error;
      metrics.poolTimeouts.inc();
      throw new Problem('pool-timeout');
    } finally {
      metrics.poolWaitSeconds.observe((performance.now() - askedAtMs) / 1000);
    }
  }

  return {
    async rows<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
      const client = await connection();
      try {
        return await rowsOn<Row>(client, statement, values);
      } finally {
        client.release();
      }
    },
    async transaction(work) {
      const client = await connection();
      try {
        await client.query('BEGIN');
        const result = await work({ rows: (statement, values) => rowsOn(client, statement, values) });
        await client.query('COMMIT');
        client.release();
        return result;
      } catch (error) {
        await rollBack(client);
        throw error;
      }
    },
    close: () => pool.end(),
  };
}

/**
 * How long a statement may take stands in the database: pg would send statement_timeout in its start-up message, and RDS Proxy
 * refuses a connection that asks for one; a SET on each connection would pin it to its client.
 * Sources: Amazon RDS User Guide, "Troubleshooting for RDS Proxy"; https://github.com/n8n-io/n8n/issues/25705
 */
function createPool(options: DatabaseOptions): Pool {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolMax,
    connectionTimeoutMillis: options.poolWaitMs,
    idleTimeoutMillis: 30_000,
    application_name: 'marketplace',
    types: { getTypeParser },
  });
  // An idle connection that is lost is replaced at the next request; without a listener it would end the process.
  pool.on('error', () => undefined);
  // So would one that is lost while it is lent out and no statement runs on it; the next statement fails.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/** Ids and cents are bigint columns far below 2^53; as numbers they travel as JSON numbers. */
const getTypeParser: CustomTypesConfig['getTypeParser'] = (oid, format) =>
  oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format);

async function rowsOn<Row extends QueryResultRow>(
  client: PoolClient,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await client.query<Row>({ name: statement.name, text: statement.text, values: [...values] });
  return rows;
}

/** A connection that cannot even roll back is thrown away rather than handed to the next request. */
async function rollBack(client: PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
    client.release();
  } catch {
    client.release(true);
  }
}
