import { labelsOf, type Matcher, type Selector } from '../selector.ts';
import type { ScrapeValues } from '../signal.ts';

type Labels = ReadonlyMap<string, string>;

/** A series' name and labels. The same keys come with every scrape, so each is taken apart once, and its labels when they are first asked for. */
class SeriesKey {
  readonly name: string;
  readonly #inside: string;
  #labels: Labels | undefined;

  constructor(key: string) {
    const brace = key.indexOf('{');
    this.name = brace < 0 ? key : key.slice(0, brace);
    this.#inside = brace < 0 ? '' : key.slice(brace + 1, -1);
  }

  get labels(): Labels {
    this.#labels ??= new Map((labelsOf(this.#inside) ?? []).map(([label, , text]) => [label, text]));
    return this.#labels;
  }

  fits(matchers: Selector['matchers']): boolean {
    return matchers.every((each) => each.matches(this.labels.get(each.label) ?? ''));
  }
}

/** Patterns take time that grows with a power of the text's length, and no name is so long. */
const LONGEST_NAME = 200;

/**
 * Which series scrapes hold, and in which order. A source says the same ones every second, so what is known of their keys is known
 * once, and each scrape is numbers alone.
 */
export class Layout {
  readonly keys: readonly string[];
  readonly #series: readonly SeriesKey[];
  readonly #families = new Map<string, number[]>();
  readonly #placeOf: ReadonlyMap<string, number>;
  readonly #meant = new Map<Selector, readonly number[]>();
  readonly #extended = new Map<string, Layout>();

  /** Keys are each there once. */
  constructor(keys: readonly string[]) {
    this.keys = keys;
    this.#series = keys.map((key) => new SeriesKey(key));
    this.#placeOf = new Map(keys.map((key, place) => [key, place]));
    for (const [place, { name }] of this.#series.entries()) {
      const family = this.#families.get(name);
      if (family === undefined) this.#families.set(name, [place]);
      else family.push(place);
    }
  }

  placeOf(key: string): number | undefined {
    return this.#placeOf.get(key);
  }

  labelsAt(place: number): Labels {
    return this.#series[place]?.labels ?? new Map();
  }

  /** Of the series that a selector means. */
  placesOf(selector: Selector): readonly number[] {
    const known = this.#meant.get(selector);
    if (known !== undefined) return known;
    const { name, matchers } = selector;
    const named = typeof name === 'string' ? (this.#families.get(name) ?? []) : this.#named(name);
    const meant = named.filter((place) => this.#series[place]?.fits(matchers) === true);
    this.#meant.set(selector, meant);
    return meant;
  }

  /** With one more series at its end. */
  extendedBy(key: string): Layout {
    const known = this.#extended.get(key) ?? new Layout([...this.keys, key]);
    this.#extended.set(key, known);
    return known;
  }

  #named(name: Matcher): number[] {
    const families = [...this.#families].filter(([each]) => each.length <= LONGEST_NAME && name.matches(each));
    return families.flatMap(([, places]) => places);
  }
}

/** All tasks of a service have one; without a bound, a source that says another series each time would fill the memory. */
const MOST_LAYOUTS = 100;
const layouts = new Map<string, Layout>();

/** The same object for the same keys. */
export function layoutOf(keys: readonly string[]): Layout {
  const id = keys.join('\n');
  const known = layouts.get(id);
  if (known !== undefined) return known;
  if (layouts.size >= MOST_LAYOUTS) layouts.clear();
  const made = new Layout(keys);
  layouts.set(id, made);
  return made;
}

/** Values by their place in a layout; NaN, which no source says, where a series has none. */
export class LaidOut implements ScrapeValues {
  readonly layout: Layout;
  readonly numbers: Float64Array;
  #size: number | undefined;

  constructor(layout: Layout, numbers: Float64Array) {
    this.layout = layout;
    this.numbers = numbers;
  }

  get size(): number {
    this.#size ??= this.numbers.reduce((count, each) => (Number.isNaN(each) ? count : count + 1), 0);
    return this.#size;
  }

  get(key: string): number | undefined {
    const value = this.numbers[this.layout.placeOf(key) ?? -1];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  *[Symbol.iterator](): IterableIterator<readonly [string, number]> {
    for (const [place, key] of this.layout.keys.entries()) {
      const value = this.numbers[place] ?? Number.NaN;
      if (!Number.isNaN(value)) yield [key, value];
    }
  }

  with(key: string, value: number): LaidOut {
    const place = this.layout.placeOf(key);
    const layout = place === undefined ? this.layout.extendedBy(key) : this.layout;
    const numbers = new Float64Array(layout.keys.length);
    numbers.set(this.numbers);
    numbers[place ?? numbers.length - 1] = value;
    return new LaidOut(layout, numbers);
  }
}

const laidOut = new WeakMap<ScrapeValues, LaidOut>();

/** Every signal asks every scrape twice, as now and as before. */
export function laidOutOf(values: ScrapeValues): LaidOut {
  if (values instanceof LaidOut) return values;
  const known = laidOut.get(values);
  if (known !== undefined) return known;
  const all = [...values];
  const made = new LaidOut(
    layoutOf(all.map(([key]) => key)),
    Float64Array.from(all, ([, value]) => value),
  );
  laidOut.set(values, made);
  return made;
}
