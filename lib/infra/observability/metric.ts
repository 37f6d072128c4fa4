import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import { type CloudSystem, type MetricPart, queryOf } from '../../signals/cloudwatch/query.ts';
import { shownFactor } from '../../signals/shown.ts';
import type { Signal } from '../../signals/signal.ts';

/** Everything that alarms and dashboards need to know of a running system, built here or elsewhere. Dimensions may be CDK tokens. */
export interface MonitoredSystem extends CloudSystem {
  /** Where the service writes its log, for the log query of the dashboard. */
  readonly logGroupName?: string;
  /** Every service of its cluster belongs to it, so that the end of any of their tasks counts; else its own service alone. */
  readonly ownsCluster?: boolean;
}

/** One minute: the finest period that AWS services publish by themselves, and what target tracking works with. */
const PERIOD = Duration.minutes(1);

/** The signal's metric in a system, in the unit shown; undefined where the system lacks a resource or a quantity it needs. */
export function metricFor(signal: Signal, system: MonitoredSystem): IMetric | undefined {
  const query = queryOf(signal, system, shownFactor(signal.unit));
  if (query === undefined) return undefined;
  const { expression, parts } = query;
  const usingMetrics = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, series(part, signal)]));
  return (
    usingMetrics[expression] ?? new MathExpression({ expression, usingMetrics, period: PERIOD, label: signal.title })
  );
}

const series = ({ namespace, metric, dimensions, statistic }: MetricPart, { title }: Signal): Metric =>
  new Metric({
    namespace,
    metricName: metric,
    statistic,
    dimensionsMap: { ...dimensions },
    period: PERIOD,
    label: title,
  });
