import { countsWithin, sumUs } from '../../measure/histogram.ts';
import { BOUNDS_SECONDS, type Family, type FamilyReading } from '../families.ts';

/** One number of Prometheus' model, with the labels that distinguish it. */
export interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** `plimsoll_response_seconds`, `plimsoll_requests_total`. */
export const prometheusName = ({ name, kind, unit }: Family): string =>
  ['plimsoll', name, unit, kind === 'counter' ? 'total' : undefined].filter((part) => part !== undefined).join('_');

const BOUNDS_US = BOUNDS_SECONDS.map((seconds) => seconds * 1e6);

/** A reading as Prometheus has it: a histogram is a counter for each bound, its sum and its count. */
export function samplesOf(family: Family, { labels, value }: FamilyReading): PrometheusSample[] {
  const name = prometheusName(family);
  if (typeof value === 'number') return [{ name, labels, value }];
  const counts = countsWithin(value, BOUNDS_US);
  const buckets = BOUNDS_SECONDS.map((bound, at) => ({ le: String(bound), count: counts[at] ?? 0 }));
  return [
    ...[...buckets, { le: '+Inf', count: value.totalCount }].map(({ le, count }) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le },
      value: count,
    })),
    { name: `${name}_sum`, labels, value: sumUs(value) / 1e6 },
    { name: `${name}_count`, labels, value: value.totalCount },
  ];
}
