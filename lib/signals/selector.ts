import type { Scrape } from './signal.ts';

/** One series of a metric: its labels, unescaped, and its value. */
export interface LabelledValue {
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** Which series are meant; PromQL's own form and meaning: a label that a series lacks is empty. */
export interface Selector {
  /** A metric's name, or what names it has to match: `{__name__=~"…"}`. */
  readonly name: string | Matcher;
  readonly matchers: readonly Matcher[];
}

interface Matcher {
  readonly label: string;
  matches(value: string): boolean;
}

const SELECTOR = /^([a-zA-Z_:][\w:]*)?(?:\{(.*)\})?$/s;
const LABEL = /\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*(?:,\s*|$)/suy;

/**
 * `name`, or `name{label="v",other!="v",third=~"regex"}`, or `{__name__=~"regex"}`; undefined of a text that is none. Regular
 * expressions are anchored.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/#instant-vector-selectors
 */
export function parseSelector(text: string): Selector | undefined {
  const [, written, inside] = SELECTOR.exec(text.trim()) ?? [];
  const matchers = labelsOf(inside ?? '')?.map(matcherOf);
  if (matchers?.every((each) => each !== undefined) !== true) return undefined;
  const name = written ?? matchers.find(({ label }) => label === NAME);
  return name === undefined ? undefined : { name, matchers: matchers.filter(({ label }) => label !== NAME) };
}

const NAME = '__name__';

type WrittenLabel = readonly [label: string, operator: string, value: string];

/** Undefined where the text isn't labels to its end. */
function labelsOf(text: string): WrittenLabel[] | undefined {
  const labels: WrittenLabel[] = [];
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, label, operator, value] = LABEL.exec(text) ?? [];
    if (label === undefined || operator === undefined || value === undefined) return undefined;
    labels.push([label, operator, value.replaceAll(/\\(.)/gsu, (_, each: string) => (each === 'n' ? '\n' : each))]);
  }
  return labels;
}

function matcherOf([label, operator, wanted]: WrittenLabel): Matcher | undefined {
  const negated = operator.startsWith('!');
  if (!operator.endsWith('~')) return { label, matches: (value) => (value === wanted) !== negated };
  try {
    const pattern = new RegExp(`^(?:${wanted})$`, 's');
    return { label, matches: remembered((value) => pattern.test(value) !== negated) };
  } catch {
    return undefined;
  }
}

const MOST_REMEMBERED = 5000;

/** The same names and values come with every scrape. */
function remembered(matches: (value: string) => boolean): (value: string) => boolean {
  const known = new Map<string, boolean>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const found = matches(value);
    known.set(value, found);
    return found;
  };
}

/** A metric's series by its name. */
type Families = ReadonlyMap<string, ReadSeries[]>;

/** A series' name and labels. The same keys come with every scrape, so each is taken apart once, and its labels when they are first asked for. */
class SeriesKey {
  readonly name: string;
  readonly #inside: string;
  readonly #fits = new Map<Selector['matchers'], boolean>();
  #labels: ReadonlyMap<string, string> | undefined;

  constructor(key: string) {
    const brace = key.indexOf('{');
    this.name = brace < 0 ? key : key.slice(0, brace);
    this.#inside = brace < 0 ? '' : key.slice(brace + 1, -1);
  }

  get labels(): ReadonlyMap<string, string> {
    this.#labels ??= new Map((labelsOf(this.#inside) ?? []).map(([label, , text]) => [label, text]));
    return this.#labels;
  }

  fits(matchers: Selector['matchers']): boolean {
    const known = this.#fits.get(matchers);
    if (known !== undefined) return known;
    const fits = matchers.every((each) => each.matches(this.labels.get(each.label) ?? ''));
    this.#fits.set(matchers, fits);
    return fits;
  }
}

const MOST_KEYS = 20_000;
const seriesKeys = new Map<string, SeriesKey>();

function seriesKeyOf(key: string): SeriesKey {
  const known = seriesKeys.get(key);
  if (known !== undefined) return known;
  if (seriesKeys.size >= MOST_KEYS) seriesKeys.clear();
  const made = new SeriesKey(key);
  seriesKeys.set(key, made);
  return made;
}

class ReadSeries implements LabelledValue {
  readonly value: number;
  readonly key: SeriesKey;

  constructor(key: SeriesKey, value: number) {
    this.key = key;
    this.value = value;
  }

  get labels(): ReadonlyMap<string, string> {
    return this.key.labels;
  }
}

/** Every signal asks every scrape twice, as now and as before: its keys are taken apart once. */
const families = new WeakMap<Scrape['values'], Families>();

function familiesOf(values: Scrape['values']): Families {
  const known = families.get(values);
  if (known !== undefined) return known;
  const made = new Map<string, ReadSeries[]>();
  for (const [key, value] of values) {
    const taken = seriesKeyOf(key);
    const series = made.get(taken.name);
    const one = new ReadSeries(taken, value);
    if (series === undefined) made.set(taken.name, [one]);
    else series.push(one);
  }
  families.set(values, made);
  return made;
}

/** Patterns take time that grows with a power of the text's length, and no name is so long. */
const LONGEST_NAME = 200;

/** By what the names match, since every name of a scrape is tried: once, and not for each time that it is asked. */
const named = new WeakMap<Families, Map<Matcher, readonly ReadSeries[]>>();

function seriesNamed(all: Families, name: Matcher): readonly ReadSeries[] {
  const known = named.get(all) ?? new Map<Matcher, readonly ReadSeries[]>();
  named.set(all, known);
  const found =
    known.get(name) ??
    [...all].filter(([each]) => each.length <= LONGEST_NAME && name.matches(each)).flatMap(([, series]) => series);
  known.set(name, found);
  return found;
}

/** The series of a scrape that a selector means. */
export const seriesMatching = ({ values }: Scrape, { name, matchers }: Selector): readonly LabelledValue[] => {
  const all = typeof name === 'string' ? (familiesOf(values).get(name) ?? []) : seriesNamed(familiesOf(values), name);
  return matchers.length === 0 ? all : all.filter(({ key }) => key.fits(matchers));
};

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

/** @throws Error where the text is no selector: those of a plan are checked before (lib/plan/checks) */
export function selectorOf(text: string): Selector {
  const selector = parseSelector(text);
  if (selector === undefined) throw new Error(`${text} is no metric's name`);
  if (typeof selector.name === 'string') askedNames.add(selector.name);
  else askedPatterns.push(selector.name);
  return selector;
}

/** Of every reading that was made. */
const askedNames = new Set<string>();
const askedPatterns: Exclude<Selector['name'], string>[] = [];

/**
 * Whether any reading is of a line's metric, by all readings that are made before its first line: a service says ten times as much,
 * buckets of histograms most of all.
 */
export function lineFilter(): (line: string) => boolean {
  const known = new Map<string, boolean>();
  return (line) => {
    const end = line.search(/[{ \t]/);
    const name = end < 0 ? line : line.slice(0, end);
    const before = known.get(name);
    if (before !== undefined) return before;
    const isAsked = askedNames.has(name) || askedPatterns.some((pattern) => pattern.matches(name));
    known.set(name, isAsked);
    return isAsked;
  };
}
