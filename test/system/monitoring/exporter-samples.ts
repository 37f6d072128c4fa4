/** A signal, series of exporters with their values 2 s ago and now, and what Prometheus is to make of them in its window of 4 s. */
export interface ExporterSample {
  readonly id: string;
  readonly series: readonly (readonly [name: string, before: number, now: number])[];
  readonly values: readonly number[];
}

const still = (name: string, value: number): [string, number, number] => [name, value, value];

const answered = (count: number, failed: number): ExporterSample['series'] => [
  ['http_requests_total{code="200"}', 0, count - failed],
  ['http_requests_total{code="503"}', 0, failed],
];

/** 98 replies within half a second and 2 within a second: the 99th of a hundred lies half-way between. */
const spring: ExporterSample['series'] = [
  ['http_server_requests_seconds_bucket{le="0.5"}', 0, 98],
  ['http_server_requests_seconds_bucket{le="1.0"}', 0, 100],
  ['http_server_requests_seconds_bucket{le="+Inf"}', 0, 100],
];

const ONE_OF_TWO: ExporterSample['series'] = [
  still('up{instance="a"}', 1),
  still('up{instance="b"}', 0),
  ['flask_http_request_duration_seconds_count{instance="a",status="200"}', 0, 10],
];

export const exporterSamples: readonly ExporterSample[] = [
  {
    id: 'host.cpu', // 1 − 1 s of 2
    series: [
      still('up', 1),
      ['node_cpu_seconds_total{cpu="0",mode="idle"}', 100, 101],
      ['node_cpu_seconds_total{cpu="0",mode="user"}', 10, 11],
    ],
    values: [0.5],
  },
  { id: 'balancer.throughput', series: answered(100, 20), values: [40] }, // 80 in 2 s
  { id: 'balancer.capacity-use', series: answered(100, 20), values: [0.5] }, // 50/s of 100/s
  { id: 'balancer.response-p50', series: spring, values: [255_102] }, // 50 of the 98 up to 0.5 s
  { id: 'balancer.response-p95', series: spring, values: [484_694] }, // 95 of the 98
  { id: 'balancer.response-p99', series: spring, values: [750_000] },
  { id: 'balancer.errors', series: answered(100, 2), values: [0.02] },
  { id: 'balancer.errors', series: answered(8, 8), values: [0] }, // 16 in the window are too few
  { id: 'balancer.errors', series: answered(100, 0).slice(0, 1), values: [0] }, // no 5xx was ever exported
  { id: 'balancer.server-errors', series: answered(100, 20), values: [40] }, // 20 in 2 s, twice
  { id: 'balancer.own-errors', series: [still('aws_applicationelb_httpcode_elb_5_xx_count_sum', 7)], values: [7] },
  { id: 'balancer.client-errors', series: [['http_requests_received_total{code="404"}', 0, 5]], values: [10] },
  { id: 'balancer.requests-per-target', series: answered(100, 20), values: [200] },
  { id: 'balancer.unhealthy-hosts', series: ONE_OF_TWO, values: [1] },
  { id: 'balancer.unhealthy-hosts', series: ONE_OF_TWO.slice(0, 2), values: [] }, // no service, but an exporter
  { id: 'balancer.healthy-hosts', series: ONE_OF_TWO, values: [1] },
  { id: 'service.cpu', series: [still('aws_ecs_cpuutilization_average', 91)], values: [0.91] },
  {
    id: 'service.memory',
    series: [
      still('container_memory_working_set_bytes{namespace="n",pod="p",container="c"}', 900),
      still('container_spec_memory_limit_bytes{namespace="n",pod="p",container="c"}', 1000),
      still('container_memory_working_set_bytes{namespace="n",pod="p",container="free"}', 900),
      still('container_spec_memory_limit_bytes{namespace="n",pod="p",container="free"}', 0),
    ],
    values: [0.9], // 0 is no limit
  },
  {
    id: 'service.tasks-short',
    series: [
      still('kube_deployment_spec_replicas{namespace="n",deployment="d"}', 5),
      still('kube_deployment_status_replicas_available{namespace="n",deployment="d"}', 3),
      still('kube_deployment_spec_replicas{namespace="n",deployment="e"}', 1),
      still('kube_deployment_status_replicas_available{namespace="n",deployment="e"}', 1),
    ],
    values: [0, 2],
  },
  { id: 'service.tasks', series: [still('kube_deployment_status_replicas_available', 3)], values: [3] },
  { id: 'service.tasks-desired', series: [still('kube_deployment_spec_replicas', 3)], values: [3] },
  {
    id: 'service.task-headroom',
    series: [
      still('kube_horizontalpodautoscaler_spec_max_replicas{horizontalpodautoscaler="h"}', 12),
      still('kube_horizontalpodautoscaler_status_desired_replicas{horizontalpodautoscaler="h"}', 12),
    ],
    values: [0],
  },
  {
    id: 'service.crashes',
    series: [['kube_pod_container_status_restarts_total{namespace="n",pod="p",container="c"}', 4, 5]],
    values: [2],
  },
  { id: 'service.crashes', series: [still('process_start_time_seconds', 1.7e9)], values: [0] },
  { id: 'instances.in-service', series: [still('cluster_autoscaler_nodes_count{state="ready"}', 4)], values: [4] },
  {
    id: 'instances.headroom',
    series: [
      still('cluster_autoscaler_max_nodes_count', 6),
      still('cluster_autoscaler_nodes_count{state="ready"}', 6),
      still('cluster_autoscaler_nodes_count{state="unready"}', 2),
    ],
    values: [0],
  },
  {
    id: 'instances.spot-interruptions',
    series: [
      ['karpenter_interruption_received_messages_total{message_type="spot_interrupted"}', 0, 1],
      ['karpenter_interruption_received_messages_total{message_type="state_change"}', 0, 9],
    ],
    values: [2],
  },
  {
    id: 'instances.reservation',
    series: [still('aws_ecs_managedscaling_capacity_provider_reservation_average', 80)],
    values: [0.8],
  },
  { id: 'database.cpu', series: [still('rds_cpu_usage_percent_average{dbidentifier="d"}', 81)], values: [0.81] },
  { id: 'database.cpu', series: [still('aws_rds_cpuutilization_average', 81)], values: [0.81] },
  {
    id: 'database.storage',
    series: [
      still('rds_free_storage_bytes{dbidentifier="d"}', 20),
      still('rds_allocated_storage_bytes{dbidentifier="d"}', 200),
      still('kubelet_volume_stats_available_bytes{persistentvolumeclaim="data-postgres-0"}', 30),
      still('kubelet_volume_stats_capacity_bytes{persistentvolumeclaim="data-postgres-0"}', 100),
      still('kubelet_volume_stats_available_bytes{persistentvolumeclaim="uploads"}', 1),
      still('kubelet_volume_stats_capacity_bytes{persistentvolumeclaim="uploads"}', 100),
    ],
    values: [0.1, 0.3],
  },
  {
    id: 'database.latency', // the slower of both
    series: [
      still('aws_rds_read_latency_average{dimension_DBInstanceIdentifier="d"}', 0.004),
      still('aws_rds_write_latency_average{dimension_DBInstanceIdentifier="d"}', 0.03),
    ],
    values: [30_000],
  },
  { id: 'database.rotation-failures', series: [['externalsecret_sync_calls_error{name="db"}', 0, 1]], values: [2] },
  {
    id: 'database.rotation-failures',
    series: [
      still('aws_states_executions_failed_sum{dimension_StateMachineArn="arn:aws:states:::shop-renewal"}', 1),
      still('aws_states_executions_failed_sum{dimension_StateMachineArn="arn:aws:states:::orders"}', 5),
    ],
    values: [1],
  },
  { id: 'proxy.borrow-time', series: [still('pgbouncer_pools_client_maxwait_seconds', 0.06)], values: [60_000] },
  {
    id: 'proxy.borrow-time', // already in µs
    series: [still('aws_rds_database_connections_borrow_latency_average', 60_000)],
    values: [60_000],
  },
  {
    id: 'cache.cpu', // (1.2 + 0.6) s in 2 s
    series: [
      ['redis_cpu_user_main_thread_seconds_total', 10, 11.2],
      ['redis_cpu_sys_main_thread_seconds_total', 10, 10.6],
      ['redis_cpu_user_seconds_total', 10, 12],
      ['redis_cpu_sys_seconds_total', 10, 11],
    ],
    values: [0.9],
  },
  {
    id: 'cache.cpu',
    series: [
      ['redis_cpu_user_seconds_total', 10, 11],
      ['redis_cpu_sys_seconds_total', 10, 10.5],
    ],
    values: [0.75],
  },
  { id: 'load-test.offered', series: [['plimsoll_arrivals_total{phase="a",result="due"}', 0, 200]], values: [100] },
  { id: 'load-test.dropped', series: [['plimsoll_arrivals_total{phase="a",result="dropped"}', 0, 2]], values: [1] },
  {
    id: 'load-test.carried', // of all steps together
    series: [
      ['plimsoll_requests_total{phase="a",scenario="s",step="one",outcome="ok"}', 0, 150],
      ['plimsoll_requests_total{phase="a",scenario="s",step="two",outcome="ok"}', 0, 50],
      ['plimsoll_requests_total{phase="a",scenario="s",step="two",outcome="timedOut"}', 0, 50],
    ],
    values: [100],
  },
  { id: 'load-test.users', series: [still('plimsoll_users{phase="a"}', 20)], values: [20] },
  { id: 'load-test.phase', series: [still('plimsoll_run_info{run="r",plan="p",phase="a"}', 1)], values: [1] },
  {
    id: 'load-test.start-delay', // the 99th of a hundred, of which 98 are within 10 ms
    series: [
      ['plimsoll_start_delay_seconds_bucket{phase="a",le="0.01"}', 0, 98],
      ['plimsoll_start_delay_seconds_bucket{phase="a",le="0.05"}', 0, 100],
      ['plimsoll_start_delay_seconds_bucket{phase="a",le="+Inf"}', 0, 100],
    ],
    values: [30_000],
  },
  { id: 'load-test.generator-cpu', series: [still('plimsoll_generator_cpu_ratio', 0.4)], values: [0.4] },
];
