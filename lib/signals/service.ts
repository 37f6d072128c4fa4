import { PERCENT, crashMetric, formula, insightsMetric, quantity, serviceMetric } from './cloudwatch/cloud.ts';
import { always, firstOf, gauge, never, rate, ratio, times } from './scrape.ts';
import type { Signal } from './signal.ts';

export const service: readonly Signal[] = [
  /**
   * CPU seconds a second of the service's process, against the cores it may use: the limit that it reports, else the
   * machine's cores where generator and service share one, else one core. Queueing puts the knee of a server near 0.7 to 0.85
   * of it (M/M/1: response time is 6.7 service times at 0.85).
   */
  {
    id: 'service.cpu',
    title: 'Service CPU',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'service.cpu',
    limit: { above: 0.85 },
    read: ratio(
      rate('process_cpu_seconds_total'),
      firstOf(gauge('process_cpu_limit_cores'), gauge('host_cores'), always(1)),
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
    accuses: 'service.memory',
    limit: { above: 0.9 },
    read: ratio(
      gauge('process_resident_memory_bytes'),
      firstOf(gauge('process_memory_limit_bytes'), gauge('host_memory_bytes')),
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
  /** How late the service's timers fire. A delay of 50 ms lengthens every reply by as much, whatever the reply is about. */
  {
    id: 'service.event-loop',
    title: 'Event-loop delay p99',
    unit: 'us',
    kind: 'saturation',
    accuses: 'service.event-loop',
    limit: { above: 50_000 },
    read: times(1e6, gauge('nodejs_eventloop_lag_p99_seconds')),
  },
  /** Share of time in which the event loop was busy (Node's eventLoopUtilization). */
  {
    id: 'service.event-loop-use',
    title: 'Event-loop use',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'service.event-loop',
    limit: { above: 0.9 },
    read: gauge('nodejs_eventloop_utilization_ratio'),
  },
  /** Requests that the service has begun and not ended. */
  {
    id: 'service.in-flight',
    title: 'Requests in flight',
    unit: 'count',
    kind: 'traffic',
    read: gauge('http_requests_in_flight'),
  },
  /** Password hashes begun and not ended. Node's thread pool has four threads (UV_THREADPOOL_SIZE), so the others wait in line. */
  {
    id: 'service.hashing',
    title: 'Password hashes under way',
    unit: 'count',
    kind: 'saturation',
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
    accuses: 'service.workers',
    explains: 'service.cpu',
    limit: { above: 0.5 },
    read: ratio(
      rate('password_hash_cpu_seconds_total'),
      firstOf(gauge('process_cpu_limit_cores'), gauge('host_cores'), always(1)),
    ),
  },
  /** Tasks that run. */
  {
    id: 'service.tasks',
    title: 'Running tasks',
    unit: 'count',
    kind: 'traffic',
    read: never,
    cloud: {
      reading: insightsMetric('RunningTaskCount', 'Average'),
      drawn: { on: 'resources', graph: 'Tasks' },
    },
  },
  /** Tasks that scaling asks for. */
  {
    id: 'service.tasks-desired',
    title: 'Desired tasks',
    unit: 'count',
    kind: 'traffic',
    read: never,
    cloud: {
      reading: insightsMetric('DesiredTaskCount', 'Average'),
      drawn: { on: 'resources', graph: 'Tasks' },
    },
  },
  /** Tasks that should run and don't. A task takes a minute or two to start, and an instance below it three; ten are trouble. */
  {
    id: 'service.tasks-short',
    title: 'Tasks missing',
    unit: 'count',
    kind: 'saturation',
    accuses: 'service.workers',
    limit: { above: 0 },
    read: never,
    cloud: {
      reading: formula('desired - running', {
        desired: insightsMetric('DesiredTaskCount', 'Average'),
        running: insightsMetric('RunningTaskCount', 'Average'),
      }),
      drawn: { on: 'resources', graph: 'Tasks missing' },
      alarm: {
        id: 'tasks-short',
        severity: 'notice',
        limit: { above: 0 },
        forMinutes: 10,
        ofMinutes: 10,
        missing: 'breaching',
        meaning: 'Fewer tasks run than scaling asks for: the service has less capacity than scaling wants.',
        lookAt: [
          'ECS service events: "unable to place a task" says which resource lacks.',
          'Is the Auto Scaling group at its maximum (instances-at-maximum), or is Spot capacity gone (spot-interruptions)?',
          'Do tasks start and stop again at once (task-crashes)?',
        ],
      },
    },
  },
  /** Tasks that scaling may still add. */
  {
    id: 'service.task-headroom',
    title: 'Tasks left to add',
    unit: 'count',
    kind: 'saturation',
    accuses: 'service.workers',
    limit: { below: 1 },
    read: never,
    cloud: {
      reading: formula('most - desired', {
        most: quantity('maxTasks'),
        desired: insightsMetric('DesiredTaskCount', 'Average'),
      }),
      drawn: { on: 'resources', graph: 'Room to scale' },
      alarm: {
        id: 'tasks-at-maximum',
        severity: 'notice',
        limit: { below: 1 },
        forMinutes: 10,
        ofMinutes: 15,
        missing: 'missing',
        meaning: 'Scaling has added every task it may: more load now meets no more capacity.',
        lookAt: [
          'Is the load real and lasting? Then raise max in config/scaling for this environment.',
          "Is something slow, so that more tasks don't help (response-time-p99 with low CPU)?",
          'Can the database take more tasks? Tasks times pool size must stay below max_connections.',
        ],
      },
    },
  },
  /** Tasks whose main container ended by itself: a crash, or out of memory. */
  {
    id: 'service.crashes',
    title: 'Task crashes',
    unit: 'count',
    kind: 'errors',
    limit: { above: 0 },
    read: never,
    cloud: {
      reading: crashMetric('TriggeredRules', 'Sum'),
      drawn: { on: 'service', graph: 'Task crashes' },
      alarm: {
        id: 'task-crashes',
        severity: 'notice',
        limit: { above: 0 },
        forMinutes: 2,
        ofMinutes: 10,
        missing: 'notBreaching',
        meaning: 'Tasks end by themselves again and again: uncaught exceptions, or memory that ran out.',
        lookAt: [
          "The stopped task's reason and exit code; 137 is out of memory.",
          "The last lines of the stopped task's log stream.",
          'Did it begin with a deployment? Roll back to the task definition before it.',
        ],
      },
    },
  },
];
