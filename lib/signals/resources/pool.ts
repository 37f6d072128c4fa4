import { firstOf, fullest, gauge, mean, rate, ratio, times } from '../scrape.ts';
import type { Signal } from '../signal.ts';
import { customary } from './customary.ts';

/** The service's pool of database connections, as the service sees it. */
export const pool: readonly Signal[] = [
  /** Connections of the service's pool that are lent out, against the pool's size; of several pools, the fullest. */
  {
    id: 'database.pool-use',
    title: 'Database pool in use',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'database.connections',
    limit: { above: 0.95 },
    read: firstOf(
      fullest('db_pool_connections{state="active"}', 'db_pool_max'),
      fullest('hikaricp_connections_active', 'hikaricp_connections_max'), // Micrometer
      fullest('jdbc_connections_active', 'jdbc_connections_max'),
      fullest('r2dbc_pool_acquired_connections', 'r2dbc_pool_max_allocated_connections'),
      fullest('go_sql_in_use_connections', 'go_sql_max_open_connections'), // client_golang
      fullest('go_sql_stats_connections_in_use', 'go_sql_stats_connections_max_open'), // sqlstats
      fullest('db_sql_connection_open{status="inuse"}', 'db_sql_connection_max_open'), // otelsql
      fullest('gorm_dbstats_in_use', 'gorm_dbstats_max_open_connections'),
      fullest('pgxpool_acquired_conns', 'pgxpool_max_conns'),
      fullest('db_client_connection_count{db_client_connection_state="used"}', 'db_client_connection_max'), // OpenTelemetry
      fullest('prisma_pool_connections_busy', 'prisma_pool_connections_open'),
      fullest('db_client_connections_usage{state="used"}', 'db_client_connections_max'), // before its stable version
      customary.poolUse,
      customary.poolFilled,
    ),
  },
  /**
   * Requests that wait for a connection. A few for an instant are normal; a queue at every reading is saturation. Where only the
   * time that they waited is counted, its growth in a second is how many waited on average (Little 1961).
   */
  {
    id: 'database.pool-waiting',
    title: 'Waiting for the pool',
    unit: 'count',
    kind: 'saturation',
    accuses: 'database.connections',
    limit: { above: 5 },
    read: firstOf(
      gauge('db_pool_waiting'),
      gauge('hikaricp_connections_pending'), // Micrometer
      gauge('r2dbc_pool_pending_connections'),
      rate('go_sql_wait_duration_seconds_total'), // client_golang
      rate('go_sql_stats_connections_blocked_seconds'), // sqlstats
      times(1e-3, rate('db_sql_connection_wait_duration_milliseconds_total')), // otelsql
      times(1e-9, rate('gorm_dbstats_wait_duration')), // nanoseconds, as Go's Duration
      times(1e-9, rate('pgxpool_acquire_duration_ns')),
      gauge('agroal_awaiting_count'), // Quarkus
      gauge('db_client_connection_pending_requests'), // OpenTelemetry
      gauge('db_client_connections_pending_requests'), // before its stable version
      gauge('pgbouncer_pools_client_waiting_connections'),
      gauge('prisma_client_queries_wait'),
      customary.poolWaiting,
      rate('hikaricp_connections_acquire_seconds_sum'),
      rate('db_client_connection_wait_time_seconds_sum'),
      customary.poolWaitLoad,
    ),
  },
  /** Requests that waited for a connection in vain. */
  {
    id: 'database.pool-timeouts',
    title: 'Pool time-outs',
    unit: 'perSecond',
    kind: 'errors',
    accuses: 'database.connections',
    limit: { above: 0 },
    read: firstOf(
      rate('db_pool_timeouts_total'),
      rate('hikaricp_connections_timeout_total'), // Micrometer
      rate('db_client_connection_timeouts_total'), // OpenTelemetry
      rate('db_client_connections_timeouts_total'), // before its stable version
      rate('pgxpool_canceled_acquire_count'),
      customary.poolTimeouts,
    ),
  },
  /** Mean wait until a request had a connection. The same limit as for a proxy's: it lengthens every request by as much. */
  {
    id: 'database.pool-wait-time',
    title: 'Wait for the pool, mean',
    unit: 'us',
    kind: 'saturation',
    accuses: 'database.connections',
    limit: { above: 50_000 },
    read: times(
      1e6,
      firstOf(
        mean('db_pool_wait_seconds'),
        mean('hikaricp_connections_acquire_seconds'), // Micrometer
        mean('db_client_connection_wait_time_seconds'), // OpenTelemetry
        times(1e-3, mean('prisma_client_queries_wait_histogram_ms')),
        customary.poolWaitTime,
      ),
    ),
  },
  /**
   * Mean duration of statements, the wait for locks among it. PgHero calls a statement slow from a mean of 20 ms on; a mean of all
   * statements that is five times that is no matter of a few.
   */
  {
    id: 'database.statement-time',
    title: 'Statement time, mean',
    unit: 'us',
    kind: 'saturation',
    accuses: 'database.statements',
    limit: { above: 100_000 },
    read: times(
      1e6,
      firstOf(
        mean('db_client_operation_duration_seconds'), // OpenTelemetry
        ratio(rate('pg_stat_statements_seconds_total'), rate('pg_stat_statements_calls_total')), // postgres_exporter
        ratio(rate('pgbouncer_stats_queries_duration_seconds_total'), rate('pgbouncer_stats_queries_pooled_total')),
        times(1e-3, mean('prisma_client_queries_duration_histogram_ms')),
        customary.statementTime,
      ),
    ),
  },
];
