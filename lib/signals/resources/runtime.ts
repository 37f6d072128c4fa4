import { balancerMetric, formula } from '../cloudwatch/cloud.ts';
import { customary } from './customary.ts';
import { always, firstOf, fullest, gauge, limit, mean, plus, product, rate, ratio, times } from '../scrape.ts';
import type { Signal } from '../signal.ts';

/** What the runtime of a service's language, and its server, say of themselves: garbage, heap, threads, descriptors. */
export const runtime: readonly Signal[] = [
  /**
   * Time in which the service collected garbage instead of answering. The JVM's own goal is 1 / (1 + GCTimeRatio): some 8 % with the
   * default of G1. Source: HotSpot Virtual Machine Garbage Collection Tuning Guide.
   */
  {
    id: 'service.garbage-collection',
    title: 'Garbage collection',
    unit: 'ratio',
    kind: 'saturation',
    ofTasks: 'worst',
    accuses: 'service.memory',
    limit: { above: 0.1 },
    read: firstOf(
      rate('jvm_gc_pause_seconds_sum'), // Micrometer
      rate('jvm_gc_duration_seconds_sum'), // OpenTelemetry, JVM
      rate('nodejs_gc_duration_seconds_sum'), // prom-client
      rate('v8js_gc_duration_seconds_sum'), // OpenTelemetry, Node
      rate('dotnet_gc_pause_time_seconds_total'), // .NET 9
      times(1e-9, rate('process_runtime_dotnet_gc_duration_nanoseconds_total')), // .NET before
      ratio(rate('go_cpu_classes_gc_total_cpu_seconds_total'), rate('go_cpu_classes_total_cpu_seconds_total')),
      rate('go_gc_duration_seconds_sum'), // client_golang: only while the world is stopped
    ),
  },
  /** Collections a second; of Python and Node those of the oldest generation, which take the time. */
  {
    id: 'service.collections',
    title: 'Garbage collections',
    unit: 'perSecond',
    kind: 'traffic',
    read: firstOf(
      rate('jvm_gc_pause_seconds_count'),
      rate('nodejs_gc_duration_seconds_count{kind="major"}'),
      rate('python_gc_collections_total{generation="2"}'),
      rate('go_gc_duration_seconds_count'),
      rate('dotnet_gc_collections_total'),
    ),
  },
  /**
   * The heap that is still in use after a collection, of what it may grow to: nearly full, it collects again and again and then
   * ends in an OutOfMemoryError. The same limit as for a process's memory.
   */
  {
    id: 'service.heap',
    title: 'Heap after collection',
    unit: 'ratio',
    kind: 'utilisation',
    ofTasks: 'worst',
    accuses: 'service.memory',
    limit: { above: 0.9 },
    read: firstOf(
      gauge('jvm_memory_usage_after_gc{area="heap"}'), // Micrometer
      ratio(
        gauge('jvm_memory_used_after_last_gc_bytes{jvm_memory_type="heap"}'), // OpenTelemetry, JVM
        limit('jvm_memory_limit_bytes{jvm_memory_type="heap"}'),
      ),
    ),
  },
  /** Threads that answer requests, or do tasks, of those that there may be; of several pools, the fullest. Then work queues. */
  {
    id: 'service.worker-use',
    title: 'Worker threads in use',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'service.workers',
    limit: { above: 0.95 },
    read: firstOf(
      fullest('tomcat_threads_busy_threads', 'tomcat_threads_config_max_threads'), // Micrometer
      fullest('jetty_threads_busy', 'jetty_threads_config_max'),
      fullest('executor_active_threads', 'executor_pool_max_threads'),
      fullest('puma_busy_threads', 'puma_max_threads'), // yabeda-puma-plugin
      // Before Puma 6: of its threads those that could take no request at once.
      plus(always(1), times(-1, ratio(gauge('puma_pool_capacity'), gauge('puma_max_threads')))),
      plus(always(1), times(-1, ratio(gauge('puma_thread_pool_capacity'), gauge('puma_max_threads')))), // prometheus_exporter
      fullest('phpfpm_active_processes', 'phpfpm_total_processes'),
      customary.workerUse,
    ),
  },
  /**
   * Work that waits for a thread. A few for an instant are normal, as in front of a pool of connections. A scheduler's queue holds
   * what is not due yet.
   */
  {
    id: 'service.worker-queue',
    title: 'Waiting for a worker thread',
    unit: 'count',
    kind: 'saturation',
    accuses: 'service.workers',
    limit: { above: 5 },
    read: firstOf(
      gauge('jetty_threads_jobs'), // Micrometer
      gauge('executor_queued_tasks{name!~".*[sS]chedul.*"}'),
      gauge('dotnet_thread_pool_queue_length'), // .NET 9
      gauge('dotnet_thread_pool_queue_length_total'), // the same from its exporter, which takes a sum that may fall for a counter
      gauge('process_runtime_dotnet_thread_pool_queue_length'), // .NET before
      gauge('puma_backlog'),
      gauge('puma_request_backlog'), // prometheus_exporter
      gauge('phpfpm_listen_queue'),
      customary.workerQueue,
    ),
  },
  /** Goroutines: in Go each request has one, so those that pile up wait for something. */
  {
    id: 'service.goroutines',
    title: 'Goroutines',
    unit: 'count',
    kind: 'traffic',
    read: gauge('go_goroutines'),
  },
  /** Cores that the service's process keeps busy: CPU seconds a second. */
  {
    id: 'service.cores',
    title: 'Cores that the service uses',
    unit: 'count',
    kind: 'traffic',
    read: firstOf(
      rate('process_cpu_seconds_total'), // every Prometheus client
      rate('process_cpu_time_seconds_total'), // OpenTelemetry, process
      rate('dotnet_process_cpu_time_seconds_total'), // .NET 9
      rate('jvm_cpu_time_seconds_total'),
      times(1e-9, rate('process_cpu_time_ns_total')), // Micrometer
    ),
  },
  /** Seconds since 1970 at which the process began: where that grows it was replaced, be it by a crash. */
  {
    id: 'service.started',
    title: 'Start of the process',
    unit: 'moment',
    kind: 'traffic',
    ofTasks: 'worst',
    read: gauge('process_start_time_seconds'),
  },
  /** Garbage that a collector of Go has to go through in a second: the heap that is live, as often as it is collected. */
  {
    id: 'service.marking',
    title: 'Heap gone through by collections, a second',
    unit: 'bytes',
    kind: 'traffic',
    ofTasks: 'worst',
    read: product(rate('go_gc_duration_seconds_count'), gauge('go_memstats_heap_inuse_bytes')),
  },
  /** Mean size of a reply's body. */
  {
    id: 'service.reply-size',
    title: 'Size of replies, mean',
    unit: 'bytes',
    kind: 'traffic',
    read: firstOf(
      mean('http_response_size_bytes'), // promhttp and prometheus-fastapi-instrumentator
      mean('http_server_response_body_size_bytes'), // OpenTelemetry
      mean('http_server_response_size_bytes'),
      mean('django_http_responses_body_total_bytes'),
      ratio(rate('tomcat_global_sent_bytes_total'), rate('tomcat_global_request_seconds_count')), // Micrometer
      customary.replySize,
    ),
  },
  /** Bytes that the service's machine or process sends. */
  {
    id: 'network.sent',
    title: 'Bytes sent, a second',
    unit: 'bytes',
    kind: 'traffic',
    read: firstOf(
      rate('process_network_transmit_bytes_total'), // client_golang
      rate('tomcat_global_sent_bytes_total'), // Micrometer
      rate('container_network_transmit_bytes_total'), // cAdvisor
      rate('node_network_transmit_bytes_total{device!="lo"}'), // node_exporter
    ),
    // Both ways, of which replies are nearly all.
    cloud: {
      reading: formula('bytes / PERIOD(bytes)', { bytes: balancerMetric('ProcessedBytes', 'Sum') }),
      drawn: { on: 'service', graph: 'Bytes' },
    },
  },
  /**
   * Open files and sockets of those that the process may open; at 1 it accepts no connection and opens none (EMFILE). What leaks
   * them may be any resource, so it accuses none.
   */
  {
    id: 'service.descriptors',
    title: 'File descriptors in use',
    unit: 'ratio',
    kind: 'saturation',
    limit: { above: 0.9 },
    read: firstOf(
      fullest('process_open_fds', 'process_max_fds'), // every Prometheus client
      fullest('process_files_open_files', 'process_files_max_files'), // Micrometer
    ),
  },
];
