import { LaidOut, type Layout, layoutOf } from '../series/layout.ts';

/**
 * Prometheus text exposition format 0.0.4 (and OpenMetrics text as far as they agree) → series → value. Keys are
 * `name` or `name{label="value",…}` as written, with the unit of a `UNIT` comment that the name lacks; other comments, timestamps and
 * values that are no number are left out.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export const parsePrometheus = (text: string, isWanted?: (line: string) => boolean): LaidOut =>
  new ExpositionReader(isWanted).read(text);

/** How a line of a page began. */
interface KnownLine {
  /** Its key, or of a metric that isn't wanted the name alone, or all of it. */
  readonly head: string;
  /** In the layout, or one of the two below. */
  readonly place: number;
}
const UNWANTED = -1;
/** No series, so it is the same line only if it is the same to its end. */
const NO_SERIES = -2;

interface KnownPage {
  readonly lines: readonly KnownLine[];
  readonly layout: Layout;
}

/** A line that was taken apart. */
interface TakenLine {
  readonly head: string;
  /** With the metric's unit; none of a line that isn't wanted. */
  readonly key?: string;
  readonly isSeries: boolean;
  /** By whose process it is, where it says that of an exporter. */
  readonly exporter?: string | undefined;
}

/**
 * Reads one source again and again. It says the same series in the same order every time, so each line is held against what stood
 * there before, and only values are read. Where a line begins otherwise, the whole page is taken apart anew.
 */
export class ExpositionReader {
  readonly #isWanted: (line: string) => boolean;
  #page: KnownPage = { lines: [], layout: layoutOf([]) };

  /** `isWanted` goes by a line's metric alone; by default every line is read. */
  constructor(isWanted: (line: string) => boolean = () => true) {
    this.#isWanted = isWanted;
  }

  read(text: string): LaidOut {
    const asBefore = valuesAsBefore(this.#page, text);
    if (asBefore !== undefined) return asBefore;
    this.#page = this.#takeApart(text);
    return valuesAsBefore(this.#page, text) ?? new LaidOut(layoutOf([]), new Float64Array());
  }

  #takeApart(text: string): KnownPage {
    const units: Units = new Map();
    const taken = text
      .split('\n')
      .filter((line) => !isComment(line, 0))
      .map((line) => this.#take(line, units));
    const exporters = new Set(taken.flatMap(({ exporter }) => exporter ?? []));
    const places = new Map<string, number>();
    const lines = taken.map(({ head, key, isSeries }) => {
      if (key === undefined || isOfExporter(key, exporters)) return { head, place: isSeries ? UNWANTED : NO_SERIES };
      const place = places.get(key) ?? places.size;
      places.set(key, place);
      return { head, place };
    });
    // The last line's end is no line of its own.
    if (text === '' || text.endsWith('\n')) lines.pop();
    return { lines, layout: layoutOf([...places.keys()]) };
  }

  #take(line: string, units: Units): TakenLine {
    const written = line.trimStart();
    const length = endOfKey(written);
    const key = written.slice(0, length);
    if (written.startsWith('#')) noteUnit(line, units);
    const isCutOff = key.includes('{') && !key.endsWith('}');
    if (key.trim() === '' || isCutOff || written.startsWith('#')) return { head: line, isSeries: false };
    const head = line.slice(0, line.length - written.length + length);
    const exporter = exporterOf(key);
    const named = withUnit(key, units);
    if (this.#isWanted(named) || exporter !== undefined)
      return { head, isSeries: true, exporter, ...(this.#isWanted(named) && { key: named }) };
    return { head: BUILD.test(key) ? head : head.replace(/\{.*/s, ''), isSeries: true };
  }
}

const [HASH, SPACE, TAB, BRACE, BRACE_END] = [0x23, 0x20, 0x09, 0x7b, 0x7d];

/** Passed over, unless it is the one comment that matters. */
const isComment = (text: string, at: number): boolean =>
  text.charCodeAt(at) === HASH && !text.startsWith(UNIT_COMMENT, at);

/** Undefined where any line begins otherwise than before, or there is one more, or less. */
function valuesAsBefore({ lines, layout }: KnownPage, text: string): LaidOut | undefined {
  const numbers = new Float64Array(layout.keys.length).fill(Number.NaN);
  let row = 0;
  for (let at = 0, end = 0; at < text.length; at = end + 1) {
    const newline = text.indexOf('\n', at);
    end = newline < 0 ? text.length : newline;
    if (isComment(text, at)) continue;
    const line = lines[row];
    if (line === undefined || !isAsBefore(line, text, at, end)) return undefined;
    const value = line.place < 0 ? undefined : valueIn(text.slice(at + line.head.length, end));
    if (value !== undefined) numbers[line.place] = value;
    row += 1;
  }
  return row === lines.length ? new LaidOut(layout, numbers) : undefined;
}

function isAsBefore({ head, place }: KnownLine, text: string, at: number, end: number): boolean {
  const from = at + head.length;
  if (!text.startsWith(head, at)) return false;
  if (from >= end || place === NO_SERIES) return from === end;
  const next = text.charCodeAt(from);
  if (next === SPACE || next === TAB) return true;
  return text.charCodeAt(from - 1) === BRACE_END || (next === BRACE && place === UNWANTED);
}

/** What follows a key: a value and maybe a timestamp, or an exemplar; undefined where there is no number. */
function valueIn(text: string): number | undefined {
  const value = Number(text);
  // Of nothing but blanks it is 0; with a timestamp it is none.
  if (!Number.isNaN(value) && (value !== 0 || text.trim() !== '')) return value;
  const [first = ''] = text.trim().split(/\s/, 1);
  return toNumber(first);
}

/** A label value may hold spaces, braces and escaped quotes, so the end of the labels is the brace outside of quotes. */
function endOfKey(line: string): number {
  const brace = line.indexOf('{');
  const space = line.search(/[ \t]/);
  if (brace < 0 || (space >= 0 && space < brace)) return space < 0 ? line.length : space;
  let quoted = false;
  for (let at = brace; at < line.length; at += 1) {
    if (quoted && line[at] === '\\') at += 1;
    else if (line[at] === '"') quoted = !quoted;
    else if (line[at] === '}' && !quoted) return at + 1;
  }
  return line.length;
}

function toNumber(text: string): number | undefined {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? undefined : value;
}

/** What a metric's name lacks, by the name without what its kind adds to it. */
type Units = Map<string, string>;

/** As names have them. Source: https://prometheus.io/docs/practices/naming/#base-units */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['By', 'bytes'],
]);
const UNIT_COMMENT = '# UNIT ';
const UNIT = /^# UNIT ([\w:]+) (\S+)/;
const NAME = /^([\w:]+?)(_sum|_count|_bucket|_total)?(?=[{\s]|$)/;

/**
 * OpenTelemetry's exporter for Node names a metric without its unit, which stands in a comment alone; all others append it.
 * Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1
 */
function noteUnit(comment: string, units: Units): void {
  const [, written = '', unit = ''] = UNIT.exec(comment) ?? [];
  const [name, word] = [written.replace(/_total$/, ''), UNITS.get(unit)];
  if (word !== undefined && !name.endsWith(`_${word}`)) units.set(name, word);
}

function withUnit(line: string, units: Units): string {
  if (units.size === 0) return line;
  const [all, name = '', suffix = ''] = NAME.exec(line) ?? [];
  const word = units.get(name);
  return all === undefined || word === undefined ? line : `${name}_${word}${suffix}${line.slice(all.length)}`;
}

/** What exporters and Prometheus itself say of themselves, and the label by which they are distinguished on a page that holds several. */
const BUILD = /^\w*(?:exporter|prometheus)_build_info\{/;
const INSTANCE = /(?<=[{,])instance="[^"]*"/;
/** Of a process and its runtime, as every client library adds it. */
const OF_PROCESS = /^(?:process|go|python|promhttp)_/;

const exporterOf = (line: string): string | undefined => (BUILD.test(line) ? INSTANCE.exec(line)?.[0] : undefined);

/**
 * On a page that holds several, such as `/federate` of a Prometheus, the processes of exporters are no part of the system: they would be added to
 * the service's.
 */
const isOfExporter = (key: string, exporters: ReadonlySet<string>): boolean =>
  exporters.size > 0 && OF_PROCESS.test(key) && exporters.has(INSTANCE.exec(key)?.[0] ?? '');
