import type { Statistic } from './cloud.ts';

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

/** In a sum a part that is silent counts as nothing; else a node without hits would silence the whole cache. */
export const combined = (statistic: Statistic, names: readonly string[]): string =>
  `${COMBINED[statistic]}([${names.map((name) => (statistic === 'Sum' ? `FILL(${name}, 0)` : name)).join(', ')}])`;

/** Small factors as divisors: metric math knows no `1e-6`. */
export function scaled(expression: string, factor: number): string {
  if (factor === 1) return expression;
  return factor > 1 ? `${expression} * ${factor}` : `${expression} / ${Number((1 / factor).toPrecision(12))}`;
}
