import { promql, UNLIMITED } from './prometheus/promql.ts';
import { isIn, isLabelled, seriesMatching, sumOf, sumsByLabels } from './series/matching.ts';
import { selectorOf, type Selector } from './selector.ts';
import type { Promql, Reading, Scrape } from './signal.ts';

type Read = (now: Scrape, before: Scrape) => number | undefined;

/** One reading said twice: over scrapes, and in PromQL. */
const reading = (read: Read, written: Promql): Reading => Object.assign(read, { promql: written });

/** A value as it stands, `name` or `name{label="value"}`: the sum over its series. */
export const gauge = (metric: string): Reading => {
  const selector = selectorOf(metric);
  return reading((now) => sumOf(now, selector), promql.gauge(metric));
};

/** A limit: the sum over the series that hold one. 0, −1 and numbers beyond all machines stand for none. */
export const limit = (metric: string): Reading => {
  const selector = selectorOf(metric);
  return reading((now) => {
    const limits = seriesMatching(now, selector).filter(({ value }) => value > 0 && value < UNLIMITED);
    return limits.length === 0 ? undefined : limits.reduce((sum, { value }) => sum + value, 0);
  }, promql.limit(metric));
};

/**
 * The fullest of several: `part / whole` for each pair of series with the same labels (less those that the selectors name), and
 * of these the greatest. One exhausted pool is not hidden by another that idles. A whole of 0 or less is no limit.
 */
export const fullest = (part: string, whole: string): Reading => {
  const [used, most] = [selectorOf(part), selectorOf(whole)];
  return reading(
    (now) => {
      const wholes = sumsByLabels(now, most);
      const ratios = [...sumsByLabels(now, used)].flatMap(([labels, value]) => {
        const size = wholes.get(labels) ?? 0;
        return size > 0 && size < UNLIMITED ? [value / size] : [];
      });
      return ratios.length === 0 ? undefined : Math.max(...ratios);
    },
    promql.fullest(part, whole),
  );
};

/**
 * Growth of a counter in a second; undefined after a restart, when it begins again below what it was, and after a gap, when
 * all that it ever counted would stand in one second.
 */
export const rate = (metric: string): Reading => {
  const selector = selectorOf(metric);
  return reading(
    (now, before) => growth(sumOf(now, selector), sumOf(before, selector), now.atMs - before.atMs),
    promql.rate(metric),
  );
};

function growth(to: number | undefined, from: number | undefined, ms: number): number | undefined {
  return to === undefined || from === undefined || to < from || ms <= 0 ? undefined : ((to - from) * 1000) / ms;
}

/** The mean of a histogram or summary between the scrapes: growth of `<name>_sum` over growth of `<name>_count`. */
export const mean = (histogram: string): Reading => ratio(rate(`${histogram}_sum`), rate(`${histogram}_count`));

/**
 * How far apart several that should be alike are: of the mean times of histograms' series, by one label (a node, an upstream), the
 * longest against the shortest. Where fewer than three ended between the scrapes, that says nothing of a node. Its names are patterns, so
 * PromQL has none.
 */
export const spread = (histogram: string, label: string): Reading => {
  const [sum, count] = ['sum', 'count'].map((part) => selectorOf(`{__name__=~"(?:${histogram})_${part}"}`));
  return reading((now, before) => {
    if (sum === undefined || count === undefined) return undefined;
    const counts = grownBy(now, before, count, label);
    if (counts.size < 2) return undefined;
    const sums = grownBy(now, before, sum, label);
    const means = [...counts].flatMap(([key, ended]) => (ended < 3 ? [] : [(sums.get(key) ?? 0) / ended]));
    return means.length < 2 ? undefined : Math.max(...means) / Math.max(1e-6, Math.min(...means));
  }, promql.never);
};

/** Growth by the value of a label; series without it are left out. Most scrapes have none with it, so what was before is asked last. */
function grownBy(now: Scrape, before: Scrape, selector: Selector, label: string): Map<string, number> {
  const grown = new Map<string, number>();
  if (!isLabelled(now, selector, label)) return grown;
  for (const [scrape, sign] of [
    [now, 1],
    [before, -1],
  ] as const)
    for (const { labels, value } of seriesMatching(scrape, selector)) {
      const key = labels.get(label) ?? '';
      if (key !== '') grown.set(key, (grown.get(key) ?? 0) + sign * value);
    }
  return grown;
}

/**
 * The share of a counter's growth that series of certain labels have, of all of its series or of those `of` means:
 * `errors_total{code=~"5.."}` of all `errors_total`. Labels
 * that no series has yet have a share of 0, as a service exports a failure only from its first one on.
 */
export const share = (metric: string, of?: string): Reading => {
  const selector = selectorOf(metric);
  const all = of === undefined ? { ...selector, matchers: [] } : selectorOf(of);
  return reading(
    (now, before) => {
      const whole = growth(sumOf(now, all), sumOf(before, all), now.atMs - before.atMs);
      const part = growth(sumOf(now, selector) ?? 0, sumOf(before, selector) ?? 0, now.atMs - before.atMs);
      // One series that began again while others grew: no part is more than its whole.
      if (part === undefined || whole === undefined || whole === 0 || part > whole) return undefined;
      return part / whole;
    },
    promql.share(metric, of ?? metric.replace(/\{.*/s, '')),
  );
};

/** `then` where the scrape has the metric: what only one runtime exports says which one it is. */
export const where = (metric: string, then: Reading): Reading => {
  const selector = selectorOf(metric);
  return reading(
    (now, before) => (isIn(now, selector) ? then(now, before) : undefined),
    promql.where(metric, then.promql),
  );
};

/** `part / whole`; undefined where either is, or the whole is 0: no traffic has no ratio. */
export const ratio = (part: Reading, whole: Reading): Reading =>
  reading(
    (now, before) => {
      const [above, below] = [part(now, before), whole(now, before)];
      return above === undefined || below === undefined || below === 0 ? undefined : above / below;
    },
    promql.ratio(part.promql, whole.promql),
  );

/** `one · other`; undefined where either is. */
export const product = (one: Reading, other: Reading): Reading =>
  reading(
    (now, before) => {
      const [left, right] = [one(now, before), other(now, before)];
      return left === undefined || right === undefined ? undefined : left * right;
    },
    promql.product(one.promql, other.promql),
  );

const expressions = (readings: readonly Reading[]): Promql[] => readings.map((each) => each.promql);

/** The sum of several readings; undefined where one is. */
export const plus = (...readings: readonly Reading[]): Reading =>
  reading(
    (now, before) =>
      readings.reduce<number | undefined>((sum, each) => {
        const value = each(now, before);
        return sum === undefined || value === undefined ? undefined : sum + value;
      }, 0),
    promql.plus(...expressions(readings)),
  );

export const times = (factor: number, scaled: Reading): Reading =>
  reading(
    (now, before) => {
      const value = scaled(now, before);
      return value === undefined ? undefined : value * factor;
    },
    promql.times(factor, scaled.promql),
  );

/** The first of several readings that there is. */
export const firstOf = (...readings: readonly Reading[]): Reading =>
  reading(
    (now, before) => {
      for (const each of readings) {
        const value = each(now, before);
        if (value !== undefined) return value;
      }
      return undefined;
    },
    promql.firstOf(...expressions(readings)),
  );

/** The greatest of several readings of one thing; undefined where there is none of them. */
export const greatest = (...readings: readonly Reading[]): Reading =>
  reading(
    (now, before) => {
      const values = readings.flatMap((each) => each(now, before) ?? []);
      return values.length === 0 ? undefined : Math.max(...values);
    },
    promql.greatest(...expressions(readings)),
  );

export const always = (value: number): Reading => reading(() => value, promql.always(value));

/** For what no scrape holds. */
export const never: Reading = reading(() => undefined, promql.never);
