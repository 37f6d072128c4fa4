import { formula, proxyMetric, renewalMetric, rotatorMetric } from '../cloudwatch/cloud.ts';
import { promql } from '../prometheus/promql.ts';
import { never } from '../scrape.ts';
import type { Signal } from '../signal.ts';

/** What stands between the service and its database: a proxy where there is one, and the password. */
export const databaseAccess: readonly Signal[] = [
  /** Connections of tasks to the proxy, which are many more than its own to the database. */
  {
    id: 'proxy.clients',
    title: 'Client connections of the proxy',
    unit: 'count',
    kind: 'utilisation',
    accuses: 'database.connections',
    read: never,
    cloud: {
      reading: proxyMetric('ClientConnections', 'Sum'),
      drawn: { on: 'resources', graph: 'Database proxy' },
    },
  },
  /** Clients that hold a connection to themselves since they changed its state: the proxy can't share it any more. */
  {
    id: 'proxy.pinned',
    title: 'Pinned sessions of the proxy',
    unit: 'count',
    kind: 'saturation',
    accuses: 'database.connections',
    read: never,
    cloud: {
      reading: proxyMetric('DatabaseConnectionsCurrentlySessionPinned', 'Sum'),
      drawn: { on: 'resources', graph: 'Database proxy' },
    },
  },
  /** How long a client waits until the proxy has a connection for it: the pool's queue, moved from the task to the proxy. */
  {
    id: 'proxy.borrow-time',
    title: 'Wait for a connection of the proxy',
    unit: 'us',
    kind: 'saturation',
    accuses: 'database.connections',
    limit: { above: 50_000 },
    exported: promql.times(1e6, promql.gauge('pgbouncer_pools_client_maxwait_seconds')),
    read: never,
    cloud: {
      // In microseconds already, as none other of RDS's latencies.
      reading: proxyMetric('DatabaseConnectionsBorrowLatency', 'Average'),
      drawn: { on: 'resources', graph: 'Wait for the database proxy' },
      alarm: {
        id: 'proxy-wait',
        severity: 'notice',
        limit: { above: 50_000 },
        forMinutes: 3,
        ofMinutes: 5,
        missing: 'notBreaching',
        meaning:
          'Clients wait for the proxy before each statement: all of its connections to the database are lent out.',
        lookAt: [
          'Pinned sessions of the proxy: each holds a connection to itself. Which statement pins it stands in its log.',
          'Database connections used: is it at the share of max_connections that the proxy may take?',
          'Slow statements hold connections longer: Performance Insights, top SQL since the first minute.',
        ],
      },
    },
  },
  /** Rotations of the password that failed, and hours for one in which none took place. */
  {
    id: 'database.rotation-failures',
    title: 'Password rotations failed',
    unit: 'count',
    kind: 'errors',
    exported: promql.firstOf(
      promql.by('namespace, name', promql.increase('externalsecret_sync_calls_error')),
      promql.by('job', promql.gauge('aws_states_executions_failed_sum{dimension_StateMachineArn=~".*-renewal"}')),
    ),
    read: never,
    cloud: {
      reading: formula('SUM([FILL(errors, 0), FILL(failed, 0), FILL(late, 0)])', {
        errors: rotatorMetric('Errors', 'Sum'),
        failed: renewalMetric('ExecutionsFailed', 'Sum'),
        late: renewalMetric('ExecutionsTimedOut', 'Sum'),
      }),
      drawn: { on: 'resources', graph: 'Password rotation' },
      alarm: {
        id: 'rotation-failed',
        severity: 'notice',
        limit: { above: 0 },
        forMinutes: 1,
        ofMinutes: 5,
        missing: 'notBreaching',
        meaning:
          'The database password was not rotated, or the tasks were not replaced after it and can open no connection.',
        lookAt: [
          'Does the service answer? With 28P01 in its log it has the old password: replace its tasks at once.',
          "The last lines of the rotation function's log: no route, no right, or no such user.",
          'The last execution of the state machine that ends in -renewal: in which state did it end?',
        ],
      },
    },
  },
];
