import { cacheMetric, databaseMetric, formula } from '../cloudwatch/cloud.ts';
import { customary } from './customary.ts';
import { firstOf, gauge, plus, rate, times } from '../scrape.ts';
import type { Reading, Signal } from '../signal.ts';

/** Sessions by what they wait for. The exporter has no series of a kind of wait in which there is none, while its others show that it would. */
const waitingFor = (kind: 'Lock' | 'IO'): Reading =>
  firstOf(
    plus(
      gauge('pg_stat_activity_count{wait_event_type!=""}'),
      times(-1, gauge(`pg_stat_activity_count{wait_event_type!~"|${kind}"}`)),
    ),
    gauge(`pg_stat_activity_count{wait_event_type="${kind}"}`),
  );

/** Transactions, and what they wait for of one another. */
export const transactions: readonly Signal[] = [
  /** Sessions that wait for a lock another one holds. */
  {
    id: 'database.lock-waits',
    title: 'Sessions waiting for locks',
    unit: 'count',
    kind: 'saturation',
    accuses: 'database.locks',
    limit: { above: 3 },
    read: firstOf(
      gauge('pg_lock_waits'),
      waitingFor('Lock'),
      gauge('mysql_global_status_innodb_row_lock_current_waits'),
    ),
  },
  /** Transactions that PostgreSQL ended to break a deadlock. */
  {
    id: 'database.deadlocks',
    title: 'Deadlocks',
    unit: 'perSecond',
    kind: 'errors',
    accuses: 'database.locks',
    limit: { above: 0 },
    read: firstOf(
      rate('pg_deadlocks'),
      rate('pg_stat_database_deadlocks'),
      rate('mysql_info_schema_innodb_metrics_lock_lock_deadlocks_total'),
    ),
  },
  /** Committed transactions a second. */
  {
    id: 'database.commits',
    title: 'Transactions',
    unit: 'perSecond',
    kind: 'traffic',
    read: firstOf(
      rate('pg_commits'),
      rate('pg_stat_database_xact_commit'),
      rate('mysql_global_status_commands_total{command="commit"}'),
    ),
  },
];

/**
 * What the database does at a moment. A sum of durations that grows by a second each second is one at work on average, by Little's
 * law; so it is read from counters where there are such, since a gauge that is looked at once a second misses what is short.
 */
export const databaseWork: readonly Signal[] = [
  /** Sessions that run a statement, those among them that wait for a lock. */
  {
    id: 'database.active',
    title: 'Statements under way',
    unit: 'count',
    kind: 'traffic',
    read: firstOf(
      times(1e-3, rate('pg_active_ms')),
      times(1e-3, rate('pg_stat_database_active_time_seconds_total')),
      times(1e-3, rate('pg_stat_database_active_time')), // postgres_exporter before 0.13, in ms
      gauge('pg_active'),
      gauge('pg_stat_activity_count{state="active"}'),
      gauge('mysql_global_status_threads_running'),
    ),
    // Average active sessions: Amazon RDS User Guide, "Amazon CloudWatch metrics for Performance Insights".
    cloud: { reading: databaseMetric('DBLoad', 'Average'), drawn: { on: 'resources', graph: 'Database load' } },
  },
  /** The same as the service counts it: its statements' durations, with the way there and back. */
  {
    id: 'database.statement-load',
    title: 'Statements that the service waits for',
    unit: 'count',
    kind: 'traffic',
    read: firstOf(
      rate('db_client_operation_duration_seconds_sum'), // OpenTelemetry
      rate('pg_stat_statements_seconds_total'), // postgres_exporter
      rate('hikaricp_connections_usage_seconds_sum'), // Micrometer: how long connections are lent out
      customary.statementLoad,
    ),
  },
  /** Statements a second; of a database that counts none, transactions, which are one each unless they were begun. */
  {
    id: 'database.statement-rate',
    title: 'Statements',
    unit: 'perSecond',
    kind: 'traffic',
    read: firstOf(
      rate('pg_statement_calls'),
      rate('pg_stat_statements_calls_total'),
      rate('mysql_global_status_questions'),
      rate('prisma_datasource_queries_total'),
      rate('db_client_operation_duration_seconds_count'),
      customary.statementRate,
      rate('pg_commits'),
      rate('pg_stat_database_xact_commit'),
    ),
  },
  /** Sessions in a transaction that ask for nothing: the service computes, or calls others, and holds their locks meanwhile. */
  {
    id: 'database.idle-in-transaction',
    title: 'Sessions idle in a transaction',
    unit: 'count',
    kind: 'traffic',
    read: firstOf(
      times(1e-3, rate('pg_idle_in_transaction_ms')),
      times(1e-3, rate('pg_stat_database_idle_in_transaction_time')), // postgres_exporter before 0.13, in ms
      gauge('pg_idle_in_transaction'),
      gauge('pg_stat_activity_count{state=~"idle in transaction.*"}'),
    ),
  },
  /** Rows that were read one after another since no index was used. */
  {
    id: 'database.sequential-rows',
    title: 'Rows read without an index',
    unit: 'perSecond',
    kind: 'traffic',
    read: firstOf(
      rate('pg_seq_rows_read'),
      rate('pg_stat_user_tables_seq_tup_read'),
      rate('mysql_global_status_handlers_total{handler="read_rnd_next"}'),
    ),
  },
  /** Sessions that wait for the disk. */
  {
    id: 'database.io-waits',
    title: 'Sessions waiting for the disk',
    unit: 'count',
    kind: 'traffic',
    read: firstOf(gauge('pg_io_waits'), waitingFor('IO')),
  },
  /** Look-ups in the cache, found or not. */
  {
    id: 'cache.lookups',
    title: 'Cache look-ups',
    unit: 'perSecond',
    kind: 'traffic',
    read: firstOf(
      plus(rate('cache_keyspace_hits'), rate('cache_keyspace_misses')),
      plus(rate('redis_keyspace_hits_total'), rate('redis_keyspace_misses_total')),
      rate('memcached_commands_total{command="get"}'),
      rate('cache_gets_total'),
      customary.cacheLookups,
    ),
    cloud: {
      reading: formula('(hits + misses) / PERIOD(hits)', {
        hits: cacheMetric('CacheHits', 'Sum'),
        misses: cacheMetric('CacheMisses', 'Sum'),
      }),
      drawn: { on: 'resources', graph: 'Cache look-ups' },
    },
  },
];
