import { PERCENT, SECONDS, databaseMetric, formula, quantity } from '../cloudwatch/cloud.ts';
import { transactions } from './database-work.ts';
import { promql } from '../prometheus/promql.ts';
import { firstOf, gauge, never, plus, rate, ratio } from '../scrape.ts';
import type { Promql, Signal } from '../signal.ts';

/** A database instance, as prometheus/cloudwatch_exporter and yet-another-cloudwatch-exporter label it. */
const ofDatabase = (part: Promql): Promql =>
  promql.by('job, dbinstance_identifier, dimension_DBInstanceIdentifier', part);

/** Of volumes, those whose claim has the name of a database. */
const VOLUME = '{persistentvolumeclaim=~".*(?:postgres|pgdata|mysql|database|db).*"}';

/** PostgreSQL's own figures, and as the postgres_exporter names them; then MySQL's, as the mysqld_exporter does. */
const sessions = firstOf(
  gauge('pg_connections'),
  gauge('pg_stat_activity_count{wait_event_type!="Activity"}'), // without PostgreSQL's own processes
  gauge('mysql_global_status_threads_connected'),
);
const blocksHit = firstOf(rate('pg_blocks_hit'), rate('pg_stat_database_blks_hit'));
const blocksRead = firstOf(rate('pg_blocks_read'), rate('pg_stat_database_blks_read'));

export const database: readonly Signal[] = [
  /** Sessions of the database, of any client. */
  {
    id: 'database.connections',
    title: 'Database connections',
    unit: 'count',
    kind: 'utilisation',
    accuses: 'database.connections',
    read: sessions,
    cloud: {
      reading: databaseMetric('DatabaseConnections', 'Maximum'),
      drawn: { on: 'resources', graph: 'Database connections' },
    },
  },
  /** Sessions against max_connections; at 1 the next one is refused (53300). */
  {
    id: 'database.connection-use',
    title: 'Database connections used',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'database.connections',
    limit: { above: 0.9 },
    read: ratio(
      sessions,
      firstOf(
        gauge('pg_max_connections'),
        gauge('pg_settings_max_connections'),
        gauge('mysql_global_variables_max_connections'),
      ),
    ),
    cloud: {
      reading: formula('sessions / most', {
        sessions: databaseMetric('DatabaseConnections', 'Maximum'),
        most: quantity('maxConnections'),
      }),
      drawn: { on: 'resources', graph: 'Database connections used' },
      alarm: {
        id: 'database-connections',
        severity: 'notice',
        limit: { above: 0.9 },
        forMinutes: 3,
        ofMinutes: 5,
        missing: 'missing',
        meaning: 'Nine of ten database connections are taken; at the last one new tasks and migrations are refused.',
        lookAt: [
          'pg_stat_activity by state: idle in transaction is a leak.',
          'Tasks times pool size: did scaling out add pools beyond max_connections?',
          'Switch the RDS Proxy on in the configuration, or make the pool of a task smaller.',
        ],
      },
    },
  },
  ...transactions,
  /** Pages found in shared buffers. Below 0.9 the working set no longer fits (PostgreSQL wiki, Performance Optimization). */
  {
    id: 'database.hit-ratio',
    title: 'Buffer hit ratio',
    unit: 'ratio',
    kind: 'saturation',
    accuses: 'database.io',
    limit: { below: 0.9 },
    read: ratio(blocksHit, plus(blocksHit, blocksRead)),
  },
  /** CPU of the database instance. The developer template wants 70 % at most; beyond 80 % queueing multiplies every statement's time. */
  {
    id: 'database.cpu',
    title: 'Database CPU',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'database.cpu',
    limit: { above: 0.8 },
    exported: promql.by('job, dbidentifier', promql.times(0.01, promql.gauge('rds_cpu_usage_percent_average'))),
    read: never,
    cloud: {
      reading: databaseMetric('CPUUtilization', 'Average', PERCENT),
      drawn: { on: 'resources', graph: 'Database CPU' },
      alarm: {
        id: 'database-cpu',
        severity: 'notice',
        limit: { above: 0.8 },
        forMinutes: 5,
        ofMinutes: 5,
        missing: 'missing',
        meaning: 'The database has little CPU left; every statement takes longer, whatever the service does.',
        lookAt: [
          'Performance Insights: top SQL by load since the first minute.',
          'A new query plan or a missing index? pg_stat_statements by mean_exec_time.',
          'If the load is real: the next instance class (docs/architecture.md, vertical steps).',
        ],
      },
    },
  },
  /**
   * Free storage against what was allocated at first, and never more than all of it: RDS has no metric of what is allocated, and after growth
   * the share would pass 100 %. The limit so stays the same number of GiB. Storage autoscaling begins at 10 % of what is allocated,
   * and not twice within six hours, so below the limit it is late or at its end.
   * Source: Amazon RDS User Guide, "Amazon CloudWatch metrics for Amazon RDS", and "Managing capacity automatically with Amazon RDS storage autoscaling".
   */
  {
    id: 'database.storage',
    title: 'Database storage free, of the first allocation',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'database.io',
    limit: { below: 0.15 },
    exported: promql.firstOf(
      promql.by(
        'job, dbidentifier',
        promql.ratio(promql.gauge('rds_free_storage_bytes'), promql.gauge('rds_allocated_storage_bytes')),
      ),
      promql.by(
        'namespace, persistentvolumeclaim',
        promql.ratio(
          promql.gauge(`kubelet_volume_stats_available_bytes${VOLUME}`),
          promql.gauge(`kubelet_volume_stats_capacity_bytes${VOLUME}`),
        ),
      ),
    ),
    read: never,
    cloud: {
      reading: formula('IF(free > allocated, 1, free / allocated)', {
        free: databaseMetric('FreeStorageSpace', 'Minimum'),
        allocated: quantity('databaseStorageBytes'),
      }),
      drawn: { on: 'resources', graph: 'Database storage' },
      alarm: {
        id: 'database-storage',
        severity: 'notice',
        limit: { below: 0.15 },
        forMinutes: 5,
        ofMinutes: 5,
        missing: 'missing',
        meaning: "The database's disk is filling up; a full disk stops every write.",
        lookAt: [
          "Which table grew? Compare pg_total_relation_size with yesterday's.",
          'Is a replication slot or a long transaction holding WAL back?',
          'Has storage autoscaling reached maxStorageGiB? Raise it in the configuration.',
        ],
      },
    },
  },
  /** The slower of mean read and write latency of the database's disk. gp3 answers in single-digit milliseconds (EBS User Guide). */
  {
    id: 'database.latency',
    title: 'Database disk latency',
    unit: 'us',
    kind: 'saturation',
    accuses: 'database.io',
    limit: { above: 20_000 },
    exported: ofDatabase(
      promql.times(
        1e6,
        promql.greatest(promql.gauge('aws_rds_read_latency_average'), promql.gauge('aws_rds_write_latency_average')),
      ),
    ),
    read: never,
    cloud: {
      reading: formula('MAX([read, write])', {
        read: databaseMetric('ReadLatency', 'Average', SECONDS),
        write: databaseMetric('WriteLatency', 'Average', SECONDS),
      }),
      drawn: { on: 'resources', graph: 'Database disk' },
      alarm: {
        id: 'database-latency',
        severity: 'notice',
        limit: { above: 20_000 },
        forMinutes: 5,
        ofMinutes: 5,
        missing: 'notBreaching',
        meaning: "The database's disk answers several times slower than it should; commits wait for it.",
        lookAt: [
          "Disk queue depth and IOPS against the volume's limit (resources dashboard).",
          'Buffer hit ratio: does the working set still fit into memory?',
          'Is a checkpoint, a vacuum or a backup running?',
        ],
      },
    },
  },
  /** Reads and writes that wait for the disk. */
  {
    id: 'database.disk-queue',
    title: 'Disk queue depth',
    unit: 'count',
    kind: 'saturation',
    accuses: 'database.io',
    read: never,
    cloud: {
      reading: databaseMetric('DiskQueueDepth', 'Average'),
      drawn: { on: 'resources', graph: 'Database disk queue' },
    },
  },
  /** Memory that the database instance could still give away. */
  {
    id: 'database.free-memory',
    title: 'Database memory free',
    unit: 'bytes',
    kind: 'utilisation',
    accuses: 'database.io',
    read: never,
    cloud: {
      reading: databaseMetric('FreeableMemory', 'Minimum'),
      drawn: { on: 'resources', graph: 'Database memory' },
    },
  },
];
