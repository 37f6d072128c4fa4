/**
 * Prometheus text exposition format 0.0.4 (and OpenMetrics text as far as they agree) → series → value. Keys are
 * `name` or `name{label="value",…}` as written; comments, timestamps and values that are no number are left out.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parsePrometheus(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const written of text.split('\n')) {
    const line = written.trim();
    if (line === '' || line.startsWith('#')) continue;
    const end = endOfKey(line);
    const key = line.slice(0, end).trim();
    const value = toNumber(line.slice(end).trim().split(/\s+/)[0] ?? '');
    if (key !== '' && value !== undefined) values.set(key, value);
  }
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
