/**
 * Prometheus text exposition format 0.0.4 (and OpenMetrics text as far as they agree) → series → value. Keys are
 * `name` or `name{label="value",…}` as written, with the unit of a `UNIT` comment that the name lacks; other comments, timestamps and
 * values that are no number are left out.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export const parsePrometheus = (text: string, isWanted?: (line: string) => boolean): Map<string, number> =>
  new ExpositionReader(isWanted).read(text);

/** How a line began the last time: its key, or of a metric that nobody asks for the name alone. */
interface KnownLine {
  readonly head: string;
  /** The key with the metric's unit. */
  readonly key: string;
  /** By whose process it is, where it says that of an exporter. */
  readonly exporter?: string | undefined;
  readonly isWanted: boolean;
}

/**
 * Reads one source again and again. It says the same series in the same order every time, so each line is held against what stood
 * there before: then only its value is read, and its key is the same string as before.
 */
export class ExpositionReader {
  readonly #isWanted: (line: string) => boolean;
  readonly #known: (KnownLine | undefined)[] = [];

  /** `isWanted` goes by a line's metric alone; by default every line is read. */
  constructor(isWanted: (line: string) => boolean = () => true) {
    this.#isWanted = isWanted;
  }

  read(text: string): Map<string, number> {
    const values = new Map<string, number>();
    const [units, exporters]: [Units, Set<string>] = [new Map(), new Set()];
    let row = 0;
    for (let at = 0, end = 0; at < text.length; at = end + 1) {
      const newline = text.indexOf('\n', at);
      end = newline < 0 ? text.length : newline;
      if (text.charCodeAt(at) === HASH) {
        if (text.startsWith(UNIT_COMMENT, at)) this.#note(row++, text.slice(at, end), units);
        continue;
      }
      const known = this.#known[row];
      const value = known && valueAsBefore(known, text, at, end);
      if (known === undefined || value === undefined) {
        if (known?.head.startsWith(UNIT_COMMENT) === true) this.#known.length = row;
        this.#known[row] = this.#take(text.slice(at, end), values, units);
      } else if (known.isWanted) values.set(known.key, value);
      const exporter = this.#known[row]?.exporter;
      if (exporter !== undefined) exporters.add(exporter);
      row += 1;
    }
    this.#known.length = row;
    if (exporters.size > 0) forgetProcesses(exporters, values);
    return values;
  }

  /** Where a unit is another one than before, so are the names of what follows. */
  #note(row: number, comment: string, units: Units): void {
    if (this.#known[row]?.head !== comment) this.#known.length = row;
    this.#known[row] = { head: comment, key: comment, isWanted: false };
    noteUnit(comment, units);
  }

  #take(written: string, values: Map<string, number>, units: Units): KnownLine | undefined {
    const exporter = exporterOf(written);
    const named = withUnit(written, units);
    if (!this.#isWanted(named)) {
      const length = exporter === undefined ? written.search(/[{ \t]/) : endOfKey(written);
      const head = written.slice(0, length);
      return length > 0 ? { head, key: head, isWanted: false, exporter } : undefined;
    }
    const line = written.trim();
    if (line === '' || line.startsWith('#')) return undefined;
    const end = endOfKey(line);
    const head = line.slice(0, end).trim();
    const rest = line.slice(end).trim();
    const stamp = rest.search(/\s/);
    const value = toNumber(stamp < 0 ? rest : rest.slice(0, stamp));
    if (head === '' || value === undefined) return undefined;
    const key = withUnit(head, units);
    values.set(key, value);
    return { head, key, isWanted: true, exporter };
  }
}

const [HASH, SPACE, TAB, BRACE] = [0x23, 0x20, 0x09, 0x7b];

/** The value of a line that begins as before, of one that isn't wanted any; undefined where it doesn't, or has to be looked at. */
function valueAsBefore({ head, isWanted }: KnownLine, text: string, at: number, end: number): number | undefined {
  const from = at + head.length;
  if (!text.startsWith(head, at) || from >= end) return undefined;
  const next = text.charCodeAt(from);
  if (!isWanted) return next === SPACE || next === TAB || next === BRACE ? 0 : undefined;
  if (next !== SPACE) return undefined;
  const rest = text.slice(from + 1, end);
  const value = Number(rest);
  // Of nothing but blanks it is 0; a timestamp or an infinity is none.
  return Number.isNaN(value) || (value === 0 && rest.trim() === '') ? undefined : value;
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
function forgetProcesses(exporters: ReadonlySet<string>, values: Map<string, number>): void {
  for (const key of values.keys())
    if (OF_PROCESS.test(key) && exporters.has(INSTANCE.exec(key)?.[0] ?? '')) values.delete(key);
}
