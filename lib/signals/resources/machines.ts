import { PERCENT, capacityMetric, formula, groupMetric, quantity, spotMetric } from '../cloudwatch/cloud.ts';
import { promql } from '../prometheus/promql.ts';
import { gauge, never } from '../scrape.ts';
import type { Signal } from '../signal.ts';

/** The machine of a laptop run. */
export const host: readonly Signal[] = [
  /**
   * How busy the machine's cores are, all together, where generator and service share one machine. A full machine says that
   * something took its cores, not what: service, database and generator all may have. So it accuses no resource.
   */
  {
    id: 'host.cpu',
    title: 'Machine CPU',
    unit: 'ratio',
    kind: 'utilisation',
    // Where all cores are taken an event loop waits for one, however little it does itself.
    explains: 'service.event-loop',
    limit: { above: 0.95 },
    exported: promql.minus(
      promql.always(1),
      promql.share('node_cpu_seconds_total{mode="idle"}', 'node_cpu_seconds_total'),
    ),
    read: gauge('host_cpu_ratio'),
  },
];

/** The machines of the cloud. */
export const instances: readonly Signal[] = [
  /** EC2 instances that carry tasks. */
  {
    id: 'instances.in-service',
    title: 'Instances in service',
    unit: 'count',
    kind: 'traffic',
    exported: promql.gauge('cluster_autoscaler_nodes_count{state="ready"}'),
    read: never,
    cloud: {
      reading: groupMetric('GroupInServiceInstances', 'Average'),
      drawn: { on: 'resources', graph: 'Instances' },
    },
  },
  /** EC2 instances that the capacity provider may still add. */
  {
    id: 'instances.headroom',
    title: 'Instances left to add',
    unit: 'count',
    kind: 'saturation',
    accuses: 'service.workers',
    limit: { below: 1 },
    exported: promql.minus(
      promql.gauge('cluster_autoscaler_max_nodes_count'),
      promql.gauge('cluster_autoscaler_nodes_count{state="ready"}'),
    ),
    read: never,
    cloud: {
      reading: formula('most - instances', {
        most: quantity('maxInstances'),
        instances: groupMetric('GroupInServiceInstances', 'Average'),
      }),
      drawn: { on: 'resources', graph: 'Room to scale' },
      alarm: {
        id: 'instances-at-maximum',
        severity: 'notice',
        limit: { below: 1 },
        forMinutes: 10,
        ofMinutes: 15,
        missing: 'missing',
        meaning: 'The Auto Scaling group holds as many instances as it may: the next task finds no place.',
        lookAt: [
          'Are tasks waiting for a place (tasks-short)?',
          'Is the size right? Tasks per instance follow from task CPU and memory; see docs/architecture.md.',
          "Raise capacity.ec2.max in the environment's configuration if the load is real and lasting.",
        ],
      },
    },
  },
  /** Instances needed against instances there: above 100 % the capacity provider adds some, below its target it takes some away. */
  {
    id: 'instances.reservation',
    title: 'Capacity provider reservation',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'service.workers',
    read: never,
    cloud: {
      reading: capacityMetric('CapacityProviderReservation', 'Average', PERCENT),
      drawn: { on: 'resources', graph: 'Capacity provider' },
    },
  },
  /** Interruption notices for Spot capacity; two minutes later it is gone. */
  {
    id: 'instances.spot-interruptions',
    title: 'Spot interruptions',
    unit: 'count',
    kind: 'errors',
    accuses: 'service.workers',
    exported: promql.increase(
      'karpenter_interruption_received_messages_total{message_type=~"[sS]pot_?[iI]nterrupt.*"}',
    ),
    read: never,
    cloud: {
      reading: spotMetric('TriggeredRules', 'Sum'),
      drawn: { on: 'resources', graph: 'Spot interruptions' },
      alarm: {
        id: 'spot-interruptions',
        severity: 'notice',
        limit: { above: 0 },
        forMinutes: 1,
        ofMinutes: 1,
        missing: 'notBreaching',
        meaning: 'AWS takes Spot capacity back; tasks on it move within two minutes, and a run under way is disturbed.',
        lookAt: [
          'Do tasks come back elsewhere (tasks-short stays quiet)?',
          'Are several notices close together? Then a whole Spot pool is short: add instance types, or raise onDemandBase.',
          'Is a load test running? Its phase is disturbed; repeat it.',
        ],
      },
    },
  },
];
