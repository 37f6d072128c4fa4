import type { CloudFormula, CloudMetric, CloudReading, CloudResource, Quantity, Statistic } from './cloud.ts';
import type { Signal } from '../signal.ts';

/**
 * What the signals of a system are read from: the dimensions of its resources, several where a resource has several parts
 * (the nodes of a cache), and the quantities that no metric holds. What is absent has no signals.
 */
export interface CloudSystem {
  readonly resources: Readonly<Partial<Record<CloudResource, readonly Readonly<Record<string, string>>[]>>>;
  readonly quantities: Readonly<Partial<Record<Quantity, number>>>;
}

/** One CloudWatch metric as it stands. */
export interface MetricPart {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
}

/** One series wanted: metric math over its parts. An expression that is one part's name is that part itself. */
export interface MetricQuery {
  /** Begins with a small letter, holds letters, digits and _; no two queries of one reading share it. */
  readonly id: string;
  readonly expression: string;
  readonly parts: Readonly<Record<string, MetricPart>>;
}

/** Identifiers in metric math begin with a small letter and hold letters, digits and _. */
export const queryId = ({ id }: Pick<Signal, 'id'>): string => id.replaceAll(/\W/g, '_');

/**
 * The query for a signal, in the signal's own unit times `factor`; undefined where the system lacks a resource or a quantity
 * that it needs.
 */
export function queryOf(signal: Signal, system: CloudSystem, factor = 1): MetricQuery | undefined {
  if (signal.cloud === undefined) return undefined;
  const id = queryId(signal);
  const parts: Record<string, MetricPart> = {};
  const expression = expressed(signal.cloud.reading, id, { system, parts, factor });
  return expression === undefined ? undefined : { id, expression, parts };
}

interface Context {
  readonly system: CloudSystem;
  /** Collects every metric of the query by its name in the expression. */
  readonly parts: Record<string, MetricPart>;
  readonly factor: number;
}

/** Undefined for a quantity that stands alone: it is a number, and no series. */
function expressed(reading: CloudReading, id: string, context: Context): string | undefined {
  if ('quantity' in reading) return undefined;
  return 'math' in reading ? formulaOf(reading, id, context) : measured(reading, id, context);
}

function measured(reading: CloudMetric, id: string, { system, parts, factor }: Context): string | undefined {
  const { namespace, metric, statistic, of, scale } = reading;
  const names = (system.resources[of] ?? []).map((dimensions, index) => {
    const name = partName(id, index);
    parts[name] = { namespace, metric, dimensions, statistic };
    return name;
  });
  if (names.length === 0) return undefined;
  const whole = names.length === 1 ? (names[0] ?? '') : combined(statistic, names);
  // Rounded, so that 0.01 · 100 is exactly 1 and the metric needs no math.
  return scaled(whole, Number((scale * factor).toPrecision(12)));
}

/** How the parts of a resource make a whole. A percentile of parts is the worst one's: they can't be merged afterwards. */
const COMBINED: Readonly<Record<Statistic, 'AVG' | 'SUM' | 'MIN' | 'MAX'>> = {
  Average: 'AVG',
  Sum: 'SUM',
  Minimum: 'MIN',
  Maximum: 'MAX',
  p50: 'MAX',
  p95: 'MAX',
  p99: 'MAX',
};

/** In a sum a part without data counts as 0; else one node without hits would leave the whole cache without a value. */
const combined = (statistic: Statistic, names: readonly string[]): string =>
  `${COMBINED[statistic]}([${names.map((name) => (statistic === 'Sum' ? `FILL(${name}, 0)` : name)).join(', ')}])`;

/** Small factors as divisors: metric math knows no `1e-6`. */
function scaled(expression: string, factor: number): string {
  if (factor === 1) return expression;
  return factor > 1 ? `${expression} * ${factor}` : `${expression} / ${Number((1 / factor).toPrecision(12))}`;
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
        : expressed(part, `${id}_${name}`, { ...context, factor: 1 });
    if (text === undefined) return undefined;
    stands.set(name, /^\w+$/.test(text) ? text : `(${text})`);
  }
  const whole = math.replaceAll(NAME, (_, period: string | undefined, name: string) =>
    // PERIOD takes a metric and no expression; all parts of one reading have the same (CloudWatch, "Using metric math").
    period === undefined ? (stands.get(name) ?? name) : `${period}${partName(`${id}_${name}`, 0)}`,
  );
  return context.factor === 1 ? whole : scaled(`(${whole})`, context.factor);
}
