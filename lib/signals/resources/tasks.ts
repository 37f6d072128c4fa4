import { crashMetric, formula, insightsMetric, quantity } from '../cloudwatch/cloud.ts';
import { promql } from '../prometheus/promql.ts';
import { never } from '../scrape.ts';
import type { Promql, Signal } from '../signal.ts';

/** Of kube-state-metrics. */
const ofDeployment = (part: Promql): Promql => promql.by('namespace, deployment', part);
const RUNNING = promql.gauge('kube_deployment_status_replicas_available');
const DESIRED = promql.gauge('kube_deployment_spec_replicas');

/** The tasks of the cloud that run the service. */
export const tasks: readonly Signal[] = [
  /** Tasks that run. */
  {
    id: 'service.tasks',
    title: 'Running tasks',
    unit: 'count',
    kind: 'traffic',
    exported: ofDeployment(RUNNING),
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
    exported: ofDeployment(DESIRED),
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
    exported: ofDeployment(promql.minus(DESIRED, RUNNING)),
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
    exported: promql.by(
      'namespace, horizontalpodautoscaler',
      promql.minus(
        promql.gauge('kube_horizontalpodautoscaler_spec_max_replicas'),
        promql.gauge('kube_horizontalpodautoscaler_status_desired_replicas'),
      ),
    ),
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
    // Without Kubernetes the same target begins anew: a deployment does so once, and the alarm waits for a second time.
    exported: promql.firstOf(
      promql.increase('kube_pod_container_status_restarts_total'),
      promql.changes('process_start_time_seconds'),
    ),
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
