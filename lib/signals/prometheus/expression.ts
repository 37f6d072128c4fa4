import type { Cloud, CloudMetric, CloudResource } from '../cloudwatch/cloud.ts';
import type { PromqlScope, Promql, Signal } from '../signal.ts';
import { promql } from './promql.ts';

/** What each value is of, where its expression asks for nothing else: a scraped process, or a container of Kubernetes. */
const INSTANCE = 'job, instance, namespace, pod, container';

/** Resources of which an exporter sends one series each. Of the others the dimension says which of many unrelated ones is meant. */
const EXPORTED = new Set<CloudResource>([
  'loadBalancer',
  'targetGroup',
  'service',
  'capacityProvider',
  'autoScalingGroup',
  'database',
  'proxy',
  'cache',
]);

/**
 * A CloudWatch metric as prometheus/cloudwatch_exporter and yet-another-cloudwatch-exporter name it:
 * `aws_rds_cpuutilization_average`. A formula over several has no such name.
 */
const exportedByCloudWatch =
  (reading: Cloud['reading'] | undefined): Promql =>
  ({ where }) => {
    if (reading === undefined || !('metric' in reading) || !EXPORTED.has(reading.of)) return undefined;
    const named = `${exporterName(reading)}${where === '' ? '' : `{${where}}`}`;
    return reading.scale === 1 ? named : `${reading.scale} * ${named}`;
  };

const exporterName = ({ namespace, metric, statistic }: CloudMetric): string => {
  const snake = metric.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
  return [namespace.replaceAll('/', '_'), snake, statistic].join('_').toLowerCase();
};

/**
 * The signal in PromQL, in its own unit, one series for each that it can be said of; undefined where no exporter knows it. Sources that
 * label what they speak of alike stand in for each other; others stand side by side.
 */
export const expressionOf = ({ read, exported, cloud }: Signal, scope: Omit<PromqlScope, 'by'>): string | undefined =>
  promql.firstOf(
    read.promql,
    exported ?? promql.never,
    exportedByCloudWatch(cloud?.reading),
  )({ ...scope, by: INSTANCE });
