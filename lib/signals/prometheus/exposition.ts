/**
 * Prometheus text exposition format 0.0.4 (and OpenMetrics text as far as they agree) → series → value. Keys are
 * `name` or `name{label="value",…}` as written, with the unit of a `UNIT` comment that the name lacks; other comments, timestamps and
 * values that are no number are left out.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parsePrometheus(text: string, isWanted: (line: string) => boolean = () => true): Map<string, number> {
  const values = new Map<string, number>();
  const units: Units = new Map();
  const others = new Set<string>();
  for (const written of text.split('\n')) {
    if (written.startsWith('#')) noteUnit(written, units);
    if (written.includes('_build_info{') && BUILD.test(written)) others.add(INSTANCE.exec(written)?.[0] ?? 'alone');
    const named = units.size === 0 ? written : withUnit(written, units);
    if (named.startsWith('#') || !isWanted(named)) continue;
    const line = named.trim();
    if (line === '' || line.startsWith('#')) continue;
    const end = endOfKey(line);
    const key = line.slice(0, end).trim();
    const rest = line.slice(end).trim();
    const stamp = rest.search(/\s/);
    const value = toNumber(stamp < 0 ? rest : rest.slice(0, stamp));
    if (key !== '' && value !== undefined) values.set(key, value);
  }
  if (others.size > 0) forget(others, values);
  return values;
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
const UNIT = /^# UNIT ([\w:]+) (\S+)/;
const NAME = /^([\w:]+?)(_sum|_count|_bucket|_total)?(?=[{\s])/;

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
  const [all, name = '', suffix = ''] = NAME.exec(line) ?? [];
  const word = units.get(name);
  return all === undefined || word === undefined ? line : `${name}_${word}${suffix}${line.slice(all.length)}`;
}

/** What exporters and Prometheus itself say of themselves, and the label by which they are distinguished on a page that holds several. */
const BUILD = /^\w*(?:exporter|prometheus)_build_info\{/;
const INSTANCE = /(?<=[{,])instance="[^"]*"/;
/** Of a process and its runtime, as every client library adds it. */
const OF_PROCESS = /^(?:process|go|python|promhttp)_/;

/**
 * On a page that holds several, such as `/federate` of a Prometheus, the processes of exporters are no part of the system: they would be added to
 * the service's.
 */
function forget(exporters: ReadonlySet<string>, values: Map<string, number>): void {
  for (const key of values.keys())
    if (OF_PROCESS.test(key) && exporters.has(INSTANCE.exec(key)?.[0] ?? '')) values.delete(key);
}
