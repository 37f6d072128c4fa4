import { percentilesOf } from '../measure/histogram.ts';
import type { Family, FamilyReading } from './families.ts';
import { familyReadings } from './families.ts';
import type { LiveSecond } from './output.ts';

/** One reading of one second as a row of a table: counts are of the second, times in seconds. */
export interface ReadingRow {
  readonly family: Family;
  readonly labels: FamilyReading['labels'];
  readonly fields: Readonly<Record<string, number>>;
}

/** What there is to say of a second: counters that did not move and histograms without a value are left out. */
export const rowsOf = (live: LiveSecond): readonly ReadingRow[] =>
  familyReadings(live, live.interval).flatMap(([family, { labels, value }]) => {
    const fields = fieldsOf(family, value);
    return fields === undefined ? [] : [{ family, labels, fields }];
  });

function fieldsOf({ kind }: Family, value: FamilyReading['value']): ReadingRow['fields'] | undefined {
  if (typeof value === 'number') {
    if (kind === 'gauge') return Number.isFinite(value) ? { value } : undefined;
    return value === 0 ? undefined : { count: value };
  }
  const times = percentilesOf(value);
  if (times === undefined) return undefined;
  const { count, ...us } = times;
  return { count, ...Object.fromEntries(Object.entries(us).map(([name, each]) => [name, each / 1e6])) };
}
