/** Which series are meant; PromQL's own form and meaning: a label that a series lacks is empty. */
export interface Selector {
  /** A metric's name, or what names it has to match: `{__name__=~"…"}`. */
  readonly name: string | Matcher;
  readonly matchers: readonly Matcher[];
}

export interface Matcher {
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
export function labelsOf(text: string): WrittenLabel[] | undefined {
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
