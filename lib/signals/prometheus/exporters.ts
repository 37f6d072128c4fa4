import type { Promql } from '../signal.ts';
import { promql } from './promql.ts';
import { ANY, failedReplies, isService, ofReplies, replyTime } from './replies.ts';

const { always, among, by, changes, count, firstOf, gauge, greatest, increase, limit, perQuantity } = promql;
const { plus, quantile, rate, ratio, share, times } = promql;

/** What users feel is asked of a service as a whole, over all of its instances. */
const ofService = (part: Promql): Promql => by('job, namespace', part);

/** Of kube-state-metrics. */
const ofDeployment = (part: Promql): Promql => by('namespace, deployment', part);
const RUNNING = gauge('kube_deployment_status_replicas_available');
const DESIRED = gauge('kube_deployment_spec_replicas');

/** A database instance, as prometheus/cloudwatch_exporter and yet-another-cloudwatch-exporter label it. */
const ofDatabase = (part: Promql): Promql => by('job, dbinstance_identifier, dimension_DBInstanceIdentifier', part);

const minus = (whole: Promql, part: Promql): Promql => plus(whole, times(-1, part));

/** Plimsoll sends once a second, so that a shorter time holds too few samples. */
const SHORTEST_SECONDS = 5;

/** What Plimsoll sends, which belongs to no job of the system. */
const ofPlimsoll =
  (part: Promql): Promql =>
  (scope) =>
    part({ ...scope, where: '', windowSeconds: Math.max(SHORTEST_SECONDS, scope.windowSeconds) });

/** Of volumes, those whose claim has the name of a database. */
const VOLUME = '{persistentvolumeclaim=~".*(?:postgres|pgdata|mysql|database|db).*"}';

/**
 * How Prometheus knows signals beyond what a service says of itself, by the id of the signal and in its unit: from the requests that a
 * service counts, from kube-state-metrics, cAdvisor and other exporters; and from what Plimsoll sends while it runs.
 * Sources: the list of metrics of each exporter, by its name before the first `_`.
 */
export const exporters: Readonly<Record<string, Promql>> = {
  'host.cpu': minus(always(1), share('node_cpu_seconds_total{mode="idle"}', 'node_cpu_seconds_total')),

  'balancer.throughput': ofService(ofReplies('[23]..', rate)),
  'balancer.capacity-use': ofService(perQuantity(ofReplies(ANY, rate), 'capacityPerSecond')),
  'balancer.response-p50': ofService(replyTime(0.5)),
  'balancer.response-p95': ofService(replyTime(0.95)),
  'balancer.response-p99': ofService(replyTime(0.99)),
  'balancer.errors': ofService(failedReplies),
  'balancer.server-errors': ofService(ofReplies('5..', increase)),
  'balancer.client-errors': ofService(ofReplies('4..', increase)),
  'balancer.requests-per-target': ofReplies(ANY, increase),
  'balancer.unhealthy-hosts': ofService(among(minus(count('up'), gauge('up')), isService)),
  'balancer.healthy-hosts': ofService(among(gauge('up'), isService)),

  'service.memory': ratio(gauge('container_memory_working_set_bytes'), limit('container_spec_memory_limit_bytes')),
  'service.tasks': ofDeployment(RUNNING),
  'service.tasks-desired': ofDeployment(DESIRED),
  'service.tasks-short': ofDeployment(minus(DESIRED, RUNNING)),
  'service.task-headroom': by(
    'namespace, horizontalpodautoscaler',
    minus(
      gauge('kube_horizontalpodautoscaler_spec_max_replicas'),
      gauge('kube_horizontalpodautoscaler_status_desired_replicas'),
    ),
  ),
  // Without Kubernetes the same target begins anew: a deployment does so once, and the alarm waits for a second time.
  'service.crashes': firstOf(
    increase('kube_pod_container_status_restarts_total'),
    changes('process_start_time_seconds'),
  ),

  'instances.in-service': gauge('cluster_autoscaler_nodes_count{state="ready"}'),
  'instances.headroom': minus(
    gauge('cluster_autoscaler_max_nodes_count'),
    gauge('cluster_autoscaler_nodes_count{state="ready"}'),
  ),
  'instances.spot-interruptions': increase(
    'karpenter_interruption_received_messages_total{message_type=~"[sS]pot_?[iI]nterrupt.*"}',
  ),

  'database.cpu': by('job, dbidentifier', times(0.01, gauge('rds_cpu_usage_percent_average'))),
  'database.storage': firstOf(
    by('job, dbidentifier', ratio(gauge('rds_free_storage_bytes'), gauge('rds_allocated_storage_bytes'))),
    by(
      'namespace, persistentvolumeclaim',
      ratio(
        gauge(`kubelet_volume_stats_available_bytes${VOLUME}`),
        gauge(`kubelet_volume_stats_capacity_bytes${VOLUME}`),
      ),
    ),
  ),
  'database.latency': ofDatabase(
    times(1e6, greatest(gauge('aws_rds_read_latency_average'), gauge('aws_rds_write_latency_average'))),
  ),
  'database.rotation-failures': firstOf(
    by('namespace, name', increase('externalsecret_sync_calls_error')),
    by('job', gauge('aws_states_executions_failed_sum{dimension_StateMachineArn=~".*-renewal"}')),
  ),
  'proxy.borrow-time': times(1e6, gauge('pgbouncer_pools_client_maxwait_seconds')),

  'cache.cpu': firstOf(
    plus(rate('redis_cpu_user_main_thread_seconds_total'), rate('redis_cpu_sys_main_thread_seconds_total')),
    plus(rate('redis_cpu_user_seconds_total'), rate('redis_cpu_sys_seconds_total')), // before Redis 6.2
  ),

  'load-test.offered': ofPlimsoll(rate('plimsoll_arrivals_total{result="due"}')),
  'load-test.carried': ofPlimsoll(rate('plimsoll_requests_total{outcome="ok"}')),
  'load-test.dropped': ofPlimsoll(rate('plimsoll_arrivals_total{result="dropped"}')),
  'load-test.users': ofPlimsoll(gauge('plimsoll_users')),
  'load-test.phase': ofPlimsoll(by('run, plan, phase', gauge('plimsoll_run_info'))),
  'load-test.start-delay': ofPlimsoll(times(1e6, quantile(0.99, 'plimsoll_start_delay_seconds'))),
  'load-test.generator-cpu': ofPlimsoll(gauge('plimsoll_generator_cpu_ratio')),
};
