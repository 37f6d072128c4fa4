import { MEBIBYTES, PERCENT, insightsMetric, serviceMetric } from '../cloudwatch/cloud.ts';
import { customary } from './customary.ts';
import { promql } from '../prometheus/promql.ts';
import { always, firstOf, gauge, limit, mean, rate, ratio, times, where } from '../scrape.ts';
import type { Signal } from '../signal.ts';

const residentBytes = firstOf(
  gauge('process_resident_memory_bytes'), // every Prometheus client but .NET's
  gauge('process_working_set_bytes'), // prometheus-net
  gauge('process_memory_usage_bytes'), // OpenTelemetry, process
  gauge('dotnet_process_memory_working_set_bytes'), // .NET 9
);

export const service: readonly Signal[] = [
  /**
   * CPU seconds a second of the service's process, against the cores it may use: the limit that it reports; one core of a
   * process that computes on one, as Python's and Node's do; else the machine's cores where generator and service share one, else
   * one core. Queueing puts the knee of a server near 0.7 to 0.85 of it (M/M/1: response time is 6.7 service times at 0.85).
   */
  {
    id: 'service.cpu',
    title: 'Service CPU',
    unit: 'ratio',
    kind: 'utilisation',
    ofTasks: 'worst',
    accuses: 'service.cpu',
    limit: { above: 0.85 },
    read: firstOf(
      gauge('process_cpu_usage'), // Micrometer, of the cores that the JVM may use
      gauge('jvm_cpu_recent_utilization_ratio'), // OpenTelemetry, JVM
      ratio(
        firstOf(
          rate('process_cpu_seconds_total'), // every Prometheus client
          rate('process_cpu_time_seconds_total'), // OpenTelemetry, process
          rate('dotnet_process_cpu_time_seconds_total'), // .NET 9
          rate('jvm_cpu_time_seconds_total'),
        ),
        firstOf(
          gauge('process_cpu_limit_cores'),
          where('python_info', always(1)),
          where('nodejs_version_info', always(1)),
          where('target_info{telemetry_sdk_language=~"nodejs|python"}', always(1)), // OpenTelemetry
          gauge('go_sched_gomaxprocs_threads'),
          gauge('dotnet_process_cpu_count'),
          gauge('jvm_cpu_count'),
          gauge('host_cores'),
          always(1),
        ),
      ),
    ),
    cloud: {
      reading: serviceMetric('CPUUtilization', 'Average', PERCENT),
      drawn: { on: 'resources', graph: 'Service CPU and memory' },
      alarm: {
        id: 'cpu-high',
        severity: 'notice',
        limit: { above: 0.85 },
        forMinutes: 5,
        ofMinutes: 5,
        missing: 'missing',
        meaning: 'Tasks use more than 85 % of their CPU and scaling has not brought it down: response times rise next.',
        lookAt: [
          'Is scaling adding tasks? See running against desired tasks, and tasks-at-maximum.',
          'Few users and high CPU is a defect, not load: take a CPU profile through ECS Exec.',
          'Did a deployment change the cost of a request? Compare CPU per request before and after.',
        ],
      },
    },
  },
  /** Resident memory of the service against its own limit, or the machine's memory where generator and service share one. */
  {
    id: 'service.memory',
    title: 'Service memory',
    unit: 'ratio',
    kind: 'utilisation',
    ofTasks: 'worst',
    accuses: 'service.memory',
    limit: { above: 0.9 },
    exported: promql.ratio(
      promql.gauge('container_memory_working_set_bytes'),
      promql.limit('container_spec_memory_limit_bytes'),
    ),
    read: ratio(
      residentBytes,
      firstOf(
        limit('process_memory_limit_bytes'),
        limit('container_spec_memory_limit_bytes'), // cAdvisor
        gauge('host_memory_bytes'),
      ),
    ),
    cloud: {
      reading: serviceMetric('MemoryUtilization', 'Average', PERCENT),
      drawn: { on: 'resources', graph: 'Service CPU and memory' },
      alarm: {
        id: 'memory-high',
        severity: 'notice',
        limit: { above: 0.9 },
        forMinutes: 5,
        ofMinutes: 5,
        missing: 'missing',
        meaning: 'Tasks use more than 90 % of their memory; the next step is a task killed for want of memory.',
        lookAt: [
          'Does it rise with time (a leak) or with load (large replies, caches)?',
          'Was a task killed already (task-crashes, exit code 137)?',
          'As first aid give tasks more memory; then look at the heap through ECS Exec.',
        ],
      },
    },
  },
  /** Resident memory as it is: what grows without end is seen where nothing says how much there may be. */
  {
    id: 'service.resident-memory',
    title: 'Resident memory',
    unit: 'bytes',
    kind: 'utilisation',
    ofTasks: 'worst',
    accuses: 'service.memory',
    read: residentBytes,
    cloud: {
      reading: insightsMetric('MemoryUtilized', 'Average', MEBIBYTES),
      drawn: { on: 'resources', graph: 'Memory of a task' },
    },
  },
  /** How late the service's timers fire. A delay of 50 ms lengthens every reply by as much, whatever the reply is about. */
  {
    id: 'service.event-loop',
    title: 'Event-loop delay p99',
    unit: 'us',
    kind: 'saturation',
    ofTasks: 'worst',
    accuses: 'service.event-loop',
    limit: { above: 50_000 },
    read: times(
      1e6,
      firstOf(
        gauge('nodejs_eventloop_lag_p99_seconds'), // prom-client
        gauge('nodejs_eventloop_delay_p99_seconds'), // OpenTelemetry, Node
        customary.loopDelay,
      ),
    ),
  },
  /** Share of time in which the event loop was busy (Node's eventLoopUtilization). */
  {
    id: 'service.event-loop-use',
    title: 'Event-loop use',
    unit: 'ratio',
    kind: 'utilisation',
    ofTasks: 'worst',
    accuses: 'service.event-loop',
    limit: { above: 0.9 },
    read: firstOf(gauge('nodejs_eventloop_utilization_ratio'), gauge('nodejs_eventloop_utilization')),
  },
  /** Requests that the service has begun and not ended. */
  {
    id: 'service.in-flight',
    title: 'Requests in flight',
    unit: 'count',
    kind: 'traffic',
    read: firstOf(
      gauge('http_requests_in_flight'),
      gauge('http_requests_in_progress'), // prometheus-net
      gauge('http_requests_inprogress'), // prometheus-fastapi-instrumentator
      gauge('http_server_active_requests'), // OpenTelemetry
      gauge('http_server_requests_active_seconds_active_count'), // Micrometer
      gauge('http_server_requests_active_seconds_count'), // the same since its version 1.13
      gauge('axum_http_requests_pending'), // axum-prometheus
    ),
  },
  /** Password hashes begun and not ended. Node's thread pool has four threads (UV_THREADPOOL_SIZE), so the others wait in line. */
  {
    id: 'service.hashing',
    title: 'Password hashes under way',
    unit: 'count',
    kind: 'saturation',
    ofTasks: 'worst',
    accuses: 'service.workers',
    limit: { above: 8 },
    read: gauge('password_hashes_in_progress'),
  },
  /** Cores that password hashing takes, against those that the service may use. */
  {
    id: 'service.hashing-cpu',
    title: 'CPU for password hashing',
    unit: 'ratio',
    kind: 'utilisation',
    ofTasks: 'worst',
    accuses: 'service.workers',
    explains: 'service.cpu',
    limit: { above: 0.5 },
    read: ratio(
      rate('password_hash_cpu_seconds_total'),
      firstOf(gauge('process_cpu_limit_cores'), gauge('host_cores'), always(1)),
    ),
  },
  /**
   * How long the service took to give its figures, which seldom needs database or other services: what is slow there is the
   * process itself, be it its event loop, its threads or its CPU. It does not say which, so it accuses none.
   */
  {
    id: 'service.scrape-time',
    title: 'Time of a scrape',
    unit: 'us',
    kind: 'traffic',
    ofTasks: 'worst',
    read: times(1e6, gauge('scrape_duration_seconds')),
  },
  /** Mean time that the service says it took; what users waited for beyond it, they waited for in front of it. */
  {
    id: 'service.time',
    title: 'Time in the service, mean',
    unit: 'us',
    kind: 'traffic',
    read: times(
      1e6,
      firstOf(
        mean('http_request_duration_seconds'), // prom-client, client_golang and prometheus-client by custom
        mean('http_server_requests_seconds'), // Micrometer
        mean('http_server_request_duration_seconds'), // OpenTelemetry
        mean('flask_http_request_duration_seconds'),
        mean('django_http_requests_latency_seconds_by_view_method'),
        customary.serviceTime,
      ),
    ),
  },
];
