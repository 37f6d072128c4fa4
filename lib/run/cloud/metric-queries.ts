import type { CloudFormula, CloudMetric, CloudReading, CloudResource, Quantity } from '../../signals/cloud.ts';
import { combined, scaled } from '../../signals/cloud-math.ts';
import type { Signal, SignalSeries } from '../../signals/signal.ts';
import type { MetricPart, MetricQuery, MetricsReply } from './ports.ts';

/**
 * What the signals of a system are read from: the dimensions of its resources, several where a resource has several parts,
 * and what no metric tells. The `MonitoredSystem` of alarms and dashboards is one, once its names are known.
 */
export interface CloudSystem {
  readonly resources: Readonly<Partial<Record<CloudResource, readonly Readonly<Record<string, string>>[]>>>;
  readonly quantities: Readonly<Partial<Record<Quantity, number>>>;
}

/**
 * A query for every signal that the system has metrics for, in the signal's own unit: µs and ratios, where alarms and
 * dashboards (lib/infra/metric.ts) show ms and %. Otherwise the math is the same.
 */
export function queriesOf(signals: readonly Signal[], system: CloudSystem): MetricQuery[] {
  return signals.flatMap(({ id: signalId, cloud }) => {
    const id = queryId(signalId);
    const parts: Record<string, MetricPart> = {};
    const expression = cloud && expressed(cloud.reading, id, { system, parts });
    return expression === undefined ? [] : [{ id, expression, parts }];
  });
}

/** The replies as series of the run that began at `startMs`. A reading stands in the middle of the period it is of. */
export function seriesOf(signals: readonly Signal[], reply: MetricsReply, startMs: number): SignalSeries[] {
  const middleMs = (reply.periodSeconds * 1000) / 2;
  return signals.flatMap(({ id, title, unit, kind, limit }) => {
    const points = (reply.points.get(queryId(id)) ?? [])
      .filter(([, value]) => Number.isFinite(value))
      .map(([atMs, value]) => [(atMs + middleMs - startMs) / 1000, value] as const);
    return points.length === 0 ? [] : [{ id, title, unit, kind, ...(limit && { limit }), points }];
  });
}

/** Identifiers in metric math begin with a small letter and hold letters, digits and _. */
const queryId = (signalId: string): string => signalId.replaceAll(/\W/g, '_');

interface Context {
  readonly system: CloudSystem;
  /** Collects every metric of the query by its name in the expression. */
  readonly parts: Record<string, MetricPart>;
}

/** Undefined where the system lacks what the reading needs; a bare quantity is no series. */
function expressed(reading: CloudReading, id: string, context: Context): string | undefined {
  if ('quantity' in reading) return undefined;
  return 'math' in reading ? formulaOf(reading, id, context) : measured(reading, id, context);
}

function measured(reading: CloudMetric, id: string, { system, parts }: Context): string | undefined {
  const { namespace, metric, statistic, of, scale } = reading;
  const names = (system.resources[of] ?? []).map((dimensions, index) => {
    const name = partName(id, index);
    parts[name] = { namespace, metric, dimensions, statistic };
    return name;
  });
  if (names.length === 0) return undefined;
  const whole = names.length === 1 ? (names[0] ?? '') : combined(statistic, names);
  return scaled(whole, scale);
}

const partName = (id: string, index: number): string => `${id}_${index}`;

/** In a formula, a name that stands for a series or a number. Functions are in capitals. */
const NAME = /(PERIOD\()?\b([a-z]\w*)\b/g;

function formulaOf({ math, using }: CloudFormula, id: string, context: Context): string | undefined {
  const stands = new Map<string, string>();
  for (const [name, part] of Object.entries(using)) {
    const text =
      'quantity' in part
        ? context.system.quantities[part.quantity]?.toString()
        : expressed(part, `${id}_${name}`, context);
    if (text === undefined) return undefined;
    stands.set(name, /^\w+$/.test(text) ? text : `(${text})`);
  }
  return math.replaceAll(NAME, (_, period: string | undefined, name: string) =>
    // PERIOD takes a metric and no expression; all parts of one reading have the same (CloudWatch, "Using metric math").
    period === undefined ? (stands.get(name) ?? name) : `${period}${partName(`${id}_${name}`, 0)}`,
  );
}
