/**
 * Prometheus text exposition format 0.0.4 (and OpenMetrics text as far as they agree) → series → value. Keys are
 * `name` or `name{label="value",…}` as written; comments, timestamps and values that are no number are left out.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export const parsePrometheus = (text: string, isWanted?: (line: string) => boolean): Map<string, number> =>
  new ExpositionReader(isWanted).read(text);

/** How a line began the last time: its key, or of a metric that nobody asks for the name alone. */
interface KnownLine {
  readonly head: string;
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
    let row = 0;
    for (let at = 0, end = 0; at < text.length; at = end + 1) {
      const newline = text.indexOf('\n', at);
      end = newline < 0 ? text.length : newline;
      if (text.charCodeAt(at) === HASH) continue;
      const known = this.#known[row];
      if (known === undefined || !this.#isAsBefore(known, text, at, end, values))
        this.#known[row] = this.#take(text.slice(at, end), values);
      row += 1;
    }
    this.#known.length = row;
    return values;
  }

  /** Whether the line begins as before, and so could be read or left out. */
  #isAsBefore(
    { head, isWanted }: KnownLine,
    text: string,
    at: number,
    end: number,
    values: Map<string, number>,
  ): boolean {
    const from = at + head.length;
    if (!text.startsWith(head, at) || from >= end) return false;
    const next = text.charCodeAt(from);
    if (!isWanted) return next === SPACE || next === TAB || next === BRACE;
    if (next !== SPACE) return false;
    const rest = text.slice(from + 1, end);
    const value = Number(rest);
    // Of nothing but blanks it is 0; a timestamp or an infinity is none.
    if (Number.isNaN(value) || (value === 0 && rest.trim() === '')) return false;
    values.set(head, value);
    return true;
  }

  #take(written: string, values: Map<string, number>): KnownLine | undefined {
    if (!this.#isWanted(written)) {
      const length = written.search(/[{ \t]/);
      return length > 0 ? { head: written.slice(0, length), isWanted: false } : undefined;
    }
    const line = written.trim();
    if (line === '' || line.startsWith('#')) return undefined;
    const end = endOfKey(line);
    const key = line.slice(0, end).trim();
    const rest = line.slice(end).trim();
    const stamp = rest.search(/\s/);
    const value = toNumber(stamp < 0 ? rest : rest.slice(0, stamp));
    if (key === '' || value === undefined) return undefined;
    values.set(key, value);
    return { head: key, isWanted: true };
  }
}

const [HASH, SPACE, TAB, BRACE] = [0x23, 0x20, 0x09, 0x7b];

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
