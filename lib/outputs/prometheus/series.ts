import { countsWithin, sumUs } from '../../measure/histogram.ts';
import { BOUNDS_SECONDS, type Family, type FamilyReading } from '../families.ts';

/** What one number of Prometheus' model is of: its name, with the labels that distinguish it. */
export interface PrometheusSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** `plimsoll_response_seconds`, `plimsoll_requests_total`. */
export const prometheusName = ({ name, kind, unit }: Family): string =>
  ['plimsoll', name, unit, kind === 'counter' ? 'total' : undefined].filter((part) => part !== undefined).join('_');

const BOUNDS_US = BOUNDS_SECONDS.map((seconds) => seconds * 1e6);

/** A reading as Prometheus has it: a histogram is a counter for each bound, its sum and its count. */
function seriesOf(family: Family, { labels, value }: FamilyReading): PrometheusSeries[] {
  const name = prometheusName(family);
  if (typeof value === 'number') return [{ name, labels }];
  const bounds = [...BOUNDS_SECONDS.map(String), '+Inf'];
  return [
    ...bounds.map((le) => ({ name: `${name}_bucket`, labels: { ...labels, le } })),
    { name: `${name}_sum`, labels },
    { name: `${name}_count`, labels },
  ];
}

const valuesOf = ({ value }: FamilyReading): number[] =>
  typeof value === 'number'
    ? [value]
    : [...countsWithin(value, BOUNDS_US), value.totalCount, sumUs(value) / 1e6, value.totalCount];

/**
 * Reads each series with what `make` made of it when it was first seen: names and labels are the same every second, and writing them was
 * most of what a second cost.
 */
export function seriesReader<Made>(make: (series: PrometheusSeries, family: Family) => Made) {
  const known = new Map<Family, Map<string, readonly Made[]>>();
  return (family: Family, reading: FamilyReading): (readonly [made: Made, value: number])[] => {
    const ofFamily = known.get(family) ?? new Map<string, readonly Made[]>();
    known.set(family, ofFamily);
    const key = JSON.stringify(reading.labels);
    const made = ofFamily.get(key) ?? seriesOf(family, reading).map((series) => make(series, family));
    ofFamily.set(key, made);
    const values = valuesOf(reading);
    return made.map((each, at) => [each, values[at] ?? Number.NaN]);
  };
}
