import { laidOutOf } from './layout.ts';
import type { Selector } from '../selector.ts';
import type { Scrape } from '../signal.ts';

/** One series of a metric: its labels, unescaped, and its value. */
interface LabelledValue {
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** The series of a scrape that a selector means. */
export function seriesMatching({ values }: Scrape, selector: Selector): readonly LabelledValue[] {
  const { layout, numbers } = laidOutOf(values);
  return layout.placesOf(selector).flatMap((place) => {
    const value = numbers[place] ?? Number.NaN;
    return Number.isNaN(value) ? [] : { labels: layout.labelsAt(place), value };
  });
}

/** The sum over all series that a selector means; undefined where there is none. */
export function sumOf({ values }: Scrape, selector: Selector): number | undefined {
  const { layout, numbers } = laidOutOf(values);
  let sum: number | undefined;
  for (const place of layout.placesOf(selector)) {
    const value = numbers[place] ?? Number.NaN;
    if (!Number.isNaN(value)) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** Whether a scrape has a series that a selector means. */
export function isIn({ values }: Scrape, selector: Selector): boolean {
  const { layout, numbers } = laidOutOf(values);
  return layout.placesOf(selector).some((place) => !Number.isNaN(numbers[place] ?? Number.NaN));
}

/** Whether a scrape has a series that a selector means with a label of this name. */
export function isLabelled({ values }: Scrape, selector: Selector, label: string): boolean {
  const { layout, numbers } = laidOutOf(values);
  return layout
    .placesOf(selector)
    .some((place) => layout.labelsAt(place).has(label) && !Number.isNaN(numbers[place] ?? Number.NaN));
}

/**
 * The series' sums by all of their labels but those of the selector, so that a part and its whole meet: PromQL's one-to-one
 * matching with `ignoring`.
 */
export function sumsByLabels(scrape: Scrape, selector: Selector): Map<string, number> {
  const ignored = new Set(selector.matchers.map(({ label }) => label));
  const sums = new Map<string, number>();
  for (const { labels, value } of seriesMatching(scrape, selector)) {
    const rest = [...labels].filter(([label]) => !ignored.has(label)).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify(rest);
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums;
}
