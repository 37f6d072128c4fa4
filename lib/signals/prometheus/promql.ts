import { parseSelector, type Selector } from '../selector.ts';
import type { Quantity } from '../cloudwatch/cloud.ts';
import type { Promql, PromqlScope } from '../signal.ts';

/** More than any machine has: Go's and the kernel's way to write "no limit" (2^63 − 1, and 2^64 − 1). */
export const UNLIMITED = 2 ** 62;

/** A duration as Prometheus writes it: `1m`, `15s`, `250ms`. */
export function promDuration(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/**
 * A selector with the scope's own matchers added; undefined where the name is a pattern: at each evaluation Prometheus would try it against
 * every name that it holds, and its regular expressions have no look-ahead.
 */
export function selectorText(metric: string, { where }: PromqlScope): string | undefined {
  const selector = parseSelector(metric);
  if (selector === undefined || typeof selector.name !== 'string') return undefined;
  const inside = /\{(.*)\}/s.exec(metric)?.[1]?.trim().replace(/,$/, '') ?? '';
  const matchers = [inside, where].filter((each) => each !== '').join(',');
  return matchers === '' ? selector.name : `${selector.name}{${matchers}}`;
}

/** What is written of one metric. */
const of =
  (metric: string, write: (selected: string, scope: PromqlScope) => string): Promql =>
  (scope) => {
    const selected = selectorText(metric, scope);
    return selected === undefined ? undefined : write(selected, scope);
  };

/** What is written of several expressions; undefined where one of them can't be written. */
const all =
  (parts: readonly Promql[], write: (texts: readonly string[], scope: PromqlScope) => string): Promql =>
  (scope) => {
    const texts = parts.flatMap((part) => part(scope) ?? []);
    return texts.length < parts.length ? undefined : write(texts, scope);
  };

/** What is written of those among several that can be; undefined where none can. */
const some =
  (parts: readonly Promql[], write: (texts: readonly string[], scope: PromqlScope) => string): Promql =>
  (scope) => {
    const texts = parts.flatMap((part) => part(scope) ?? []);
    return texts.length === 0 ? undefined : write(texts, scope);
  };

const withoutOwn = (metric: string): string => {
  const own: Selector['matchers'] = parseSelector(metric)?.matchers ?? [];
  return [...new Set(own.map(({ label }) => label))].join(', ');
};

const rate = (metric: string): Promql =>
  of(metric, (selected, { by, windowSeconds }) => `sum by (${by}) (rate(${selected}[${promDuration(windowSeconds)}]))`);

const increase = (metric: string): Promql =>
  of(
    metric,
    (selected, { by, windowSeconds }) => `sum by (${by}) (increase(${selected}[${promDuration(windowSeconds)}]))`,
  );

/**
 * The readings of `scrape.ts` in PromQL. Each text has one value for each combination of the scope's labels, so that any two of them
 * can be divided, added, or put in each other's place.
 */
export const promql = {
  gauge: (metric: string): Promql => of(metric, (selected, { by }) => `sum by (${by}) (${selected})`),
  count: (metric: string): Promql => of(metric, (selected, { by }) => `count by (${by}) (${selected})`),
  limit: (metric: string): Promql =>
    of(metric, (selected, { by }) => `sum by (${by}) ((${selected} > 0) < ${UNLIMITED})`),
  rate,
  /** Growth in a window, in place of a second. */
  increase,
  /** How often a gauge has changed in a window. */
  changes: (metric: string): Promql =>
    of(
      metric,
      (selected, { by, windowSeconds }) => `sum by (${by}) (changes(${selected}[${promDuration(windowSeconds)}]))`,
    ),
  fullest: (part: string, whole: string): Promql =>
    all([of(part, (text) => text), of(whole, (text) => text)], ([used = '', most = ''], { by }) => {
      const size = `(sum without (${withoutOwn(whole)}) (${most}) > 0) < ${UNLIMITED}`;
      return `max by (${by}) (sum without (${withoutOwn(part)}) (${used}) / (${size}))`;
    }),
  /** 0 where no series is of the part, as a service exports a failure only from its first one on. */
  share: (part: string, whole: string): Promql =>
    all([rate(part), rate(whole)], ([counted, every]) => `(${counted}) / ((${every}) > 0) or 0 * ((${every}) > 0)`),
  /** The same over a window; 0 where the whole has grown by less than `fewest`. */
  shareFrom: (fewest: number, part: string, whole: string): Promql =>
    all(
      [increase(part), increase(whole)],
      ([counted, every]) => `(${counted}) / ((${every}) >= ${fewest}) or 0 * (${every})`,
    ),
  /** A quantile of a histogram with classic buckets, in its own unit; `histogram` is its name with labels, without `_bucket`. */
  quantile: (share: number, histogram: string): Promql =>
    of(histogram.replace(/^[^{]+/, '$&_bucket'), (selected, { by, windowSeconds }) => {
      const buckets = `sum by (${by}, le) (rate(${selected}[${promDuration(windowSeconds)}]))`;
      // Without requests the quantile is no number, which no limit could be held against.
      return `histogram_quantile(${share}, ${buckets}) >= 0`;
    }),
  /** 1 where there was a series within the last hour, though there is none now. */
  seen: (metric: string): Promql =>
    of(metric, (selected, { by }) => `group by (${by}) (present_over_time(${selected}[1h]))`),
  /** `part` where `there` has a value of the same labels. */
  among: (part: Promql, there: Promql): Promql => all([part, there], ([text, known]) => `(${text}) and (${known})`),
  where: (metric: string, then: Promql): Promql =>
    all([then, of(metric, (text) => text)], ([text, there], { by }) => `(${text}) and on (${by}) (${there})`),
  ratio: (part: Promql, whole: Promql): Promql =>
    all([part, whole], ([above, below]) => `(${above}) / ((${below}) != 0)`),
  product: (one: Promql, other: Promql): Promql => all([one, other], ([left, right]) => `(${left}) * (${right})`),
  plus: (...parts: readonly Promql[]): Promql => all(parts, (texts) => texts.map((text) => `(${text})`).join(' + ')),
  minus: (whole: Promql, part: Promql): Promql => promql.plus(whole, promql.times(-1, part)),
  times: (factor: number, part: Promql): Promql => all([part], ([text]) => `${factor} * (${text})`),
  firstOf: (...parts: readonly Promql[]): Promql => some(parts, (texts) => texts.join('\nor\n')),
  greatest: (...parts: readonly Promql[]): Promql =>
    some(parts, (texts, { by }) => {
      const marked = texts.map((text, at) => `label_replace(${text}, "reading", "${at}", "", "")`);
      return `max by (${by}) (${marked.join('\nor\n')})`;
    }),
  /** `part`, of what no metric holds. */
  perQuantity:
    (part: Promql, name: Quantity): Promql =>
    (scope) => {
      const [text, whole] = [part(scope), scope.quantities[name]];
      return text === undefined || whole === undefined ? undefined : `(${text}) / ${whole}`;
    },
  /** The same by other labels than the scope's. */
  by:
    (labels: string, part: Promql): Promql =>
    (scope) =>
      part({ ...scope, by: labels }),
  always: (value: number): Promql => of('up', (selected, { by }) => `${value} * group by (${by}) (${selected})`),
  never: ((): undefined => undefined) satisfies Promql,
} as const;
