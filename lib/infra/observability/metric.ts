import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import { type CloudSystem, type MetricPart, queryOf } from '../../signals/cloudwatch/query.ts';
import type { Limit } from '../../signals/cloudwatch/cloud.ts';
import type { Signal, SignalUnit } from '../../signals/signal.ts';

/** Everything that alarms and dashboards need to know of a running system, built here or elsewhere. Dimensions may be CDK tokens. */
export interface MonitoredSystem extends CloudSystem {
  /** Where the service writes its log, for the log query of the dashboard. */
  readonly logGroupName?: string;
  /** Every service of its cluster belongs to it, so that the end of any of their tasks counts; else its own service alone. */
  readonly ownsCluster?: boolean;
}

/** How a unit is shown in CloudWatch: alarms and dashboards speak of ms and %, the rest of Plimsoll of µs and ratios. */
const SHOWN: Readonly<Record<SignalUnit, { readonly factor: number; readonly label: string }>> = {
  ratio: { factor: 100, label: '%' },
  us: { factor: 0.001, label: 'ms' },
  bytes: { factor: 2 ** -20, label: 'MiB' },
  perSecond: { factor: 1, label: '1/s' },
  count: { factor: 1, label: '' },
};

/** One minute: the finest period that AWS services publish by themselves, and what target tracking works with. */
const PERIOD = Duration.minutes(1);

/** The unit's name as CloudWatch shows it. */
export const shownUnit = (unit: SignalUnit): string => SHOWN[unit].label;

/** A limit's value as CloudWatch shows it; rounded to the 6th digit, since 0.85 · 100 is not 85 in binary. */
export const shownLimit = (limit: Limit, unit: SignalUnit): number =>
  Number((('above' in limit ? limit.above : limit.below) * SHOWN[unit].factor).toPrecision(6));

/** The signal's metric in a system, in the unit shown; undefined where the system lacks a resource or a quantity it needs. */
export function metricFor(signal: Signal, system: MonitoredSystem): IMetric | undefined {
  const query = queryOf(signal, system, SHOWN[signal.unit].factor);
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
