import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import type { CloudFormula, CloudMetric, CloudReading, CloudResource, Quantity } from '../signals/cloud.ts';
import { combined, scaled } from '../signals/cloud-math.ts';
import type { Limit } from '../signals/limit.ts';
import type { Signal, SignalUnit } from '../signals/signal.ts';

/** CloudWatch dimensions of one resource, by name. Values may be CDK tokens. */
export type Dimensions = Readonly<Record<string, string>>;

/**
 * Everything that alarms and dashboards need to know of a running system, whoever built it. A resource of several parts (the
 * nodes of a cache) has several sets of dimensions. What is absent has no signals, so no alarm and no line.
 */
export interface MonitoredSystem {
  readonly resources: Readonly<Partial<Record<CloudResource, readonly Dimensions[]>>>;
  readonly quantities: Readonly<Partial<Record<Quantity, number>>>;
  /** Where the service writes its log, for the log query of the dashboard. */
  readonly logGroupName?: string;
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
  if (signal.cloud === undefined) return undefined;
  const { reading } = signal.cloud;
  return expressed(reading, { system, factor: SHOWN[signal.unit].factor, label: signal.title, id: idOf(signal) });
}

interface Context {
  readonly system: MonitoredSystem;
  readonly factor: number;
  readonly label: string;
  /** Begins every identifier: those of one graph must differ. */
  readonly id: string;
}

/** Identifiers in metric math begin with a small letter and hold letters, digits and _. */
const idOf = ({ id }: Signal): string => id.replaceAll(/\W/g, '_');

function expressed(reading: CloudReading, context: Context): IMetric | undefined {
  if ('quantity' in reading) return undefined;
  return 'math' in reading ? formulaOf(reading, context) : measured(reading, context);
}

/** One series as it is; several, or one that is scaled, by math. */
function measured(reading: CloudMetric, { system, factor, label, id }: Context): IMetric | undefined {
  const parts = system.resources[reading.of] ?? [];
  const series = parts.map(
    (dimensionsMap) =>
      new Metric({
        namespace: reading.namespace,
        metricName: reading.metric,
        statistic: reading.statistic,
        dimensionsMap,
        period: PERIOD,
        label,
      }),
  );
  const scale = Number((reading.scale * factor).toPrecision(12));
  if (series.length < 2 && scale === 1) return series[0];
  if (series.length === 0) return undefined;
  const names = series.map((_, i) => `${id}_${i}`);
  const whole = names.length === 1 ? (names[0] ?? '') : combined(reading.statistic, names);
  const usingMetrics = Object.fromEntries(series.map((metric, i) => [names[i] ?? '', metric]));
  return math(scaled(whole, scale), usingMetrics, label);
}

function formulaOf({ math: text, using }: CloudFormula, context: Context): IMetric | undefined {
  const usingMetrics: Record<string, IMetric> = {};
  let expression = text;
  for (const [name, part] of Object.entries(using)) {
    const value = 'quantity' in part ? context.system.quantities[part.quantity] : undefined;
    const id = `${context.id}_${name}`;
    const metric = expressed(part, { ...context, factor: 1, label: name, id });
    if (metric !== undefined) usingMetrics[id] = metric;
    else if (value === undefined) return undefined;
    expression = expression.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), value === undefined ? id : String(value));
  }
  const { factor, label } = context;
  return math(scaled(`(${expression})`, factor), usingMetrics, label);
}

const math = (expression: string, usingMetrics: Record<string, IMetric>, label: string): MathExpression =>
  new MathExpression({ expression, usingMetrics, period: PERIOD, label });
