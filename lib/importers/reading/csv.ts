import { LONGEST_LINE } from './lines.ts';

const QUOTE = 0x22;
const RETURN = 0x0d;

/** A row's fields, its line number from 1; `broken` says why they are not to be used. */
export type OnRow = (fields: readonly string[], line: number, broken?: string) => void;

/**
 * RFC 4180 with any delimiter, line ends of both kinds and line breaks in quotes. Result files reach gigabytes, and of these only
 * lengths and numbers are read: this takes a seventh of the time of `csv-parse`, which copies byte by byte. `onRow` must not keep
 * the array.
 */
export class CsvReader {
  readonly #delimiter: string;
  readonly #onRow: OnRow;
  #text = '';
  #line = 1;
  #skipping = false;
  readonly #fields: string[] = [];
  #wanted: readonly boolean[] | undefined;
  #last = Number.POSITIVE_INFINITY;
  /** Where the next quote is, at or behind the place that is read. */
  #quote = -1;

  constructor(delimiter: string, onRow: OnRow) {
    this.#delimiter = delimiter;
    this.#onRow = onRow;
  }

  write(piece: string): void {
    this.#text = this.#text === '' ? piece : this.#text + piece;
    this.#quote = -1;
    this.#read(false);
  }

  /** Returns whether the last row had no end. */
  end(): boolean {
    const hasRest = this.#text !== '' || this.#skipping;
    this.#read(true);
    return hasRest;
  }

  #read(isEnd: boolean): void {
    let at = this.#skipping ? this.#skipLine(0) : 0;
    while (at < this.#text.length) {
      let next = this.#row(at, isEnd);
      // What no quote closes within a million characters is one bad line, and those after it are read again.
      if (next < 0 && this.#text.length - at > LONGEST_LINE) next = this.#badLine(at);
      if (next < 0) break;
      at = next;
    }
    this.#text = this.#text.slice(at);
    this.#quote = -1;
  }

  #badLine(from: number): number {
    const end = this.#text.indexOf('\n', from);
    if (end >= 0) return this.#unclosed(end, this.#text.length);
    this.#give('the row is longer than a million characters');
    this.#skipping = true;
    return this.#text.length;
  }

  /** Where the row after the long one begins; the length of the text where that is not in it yet. */
  #skipLine(at: number): number {
    const end = this.#text.indexOf('\n', at);
    if (end < 0) return this.#text.length;
    this.#skipping = false;
    this.#line += 1;
    return end + 1;
  }

  /** Fields of other columns than these are handed on empty, and those behind the last of them not at all. */
  only(columns: readonly number[]): void {
    this.#last = Math.max(...columns);
    this.#wanted = Array.from({ length: this.#last + 1 }, (_, column) => columns.includes(column));
  }

  /** Reads the row that begins at `from`; returns where the next one begins, −1 where this one is not whole yet. */
  #row(from: number, isEnd: boolean): number {
    const text = this.#text;
    let end = text.indexOf('\n', from);
    if (end < 0 && !isEnd) return -1;
    if (end < 0) end = text.length;
    if (this.#quote < from) this.#quote = indexOr(text, '"', from);
    this.#fields.length = 0;
    if (this.#quote < end) return this.#quotedRow(from, end, isEnd);
    this.#plainRow(from, text.charCodeAt(end - 1) === RETURN ? end - 1 : end);
    this.#give();
    this.#line += 1;
    return Math.min(text.length, end + 1);
  }

  /** Most rows have no quotes. */
  #plainRow(from: number, end: number): void {
    const text = this.#text;
    for (let at = from, column = 0; column <= this.#last; column += 1) {
      const next = indexOr(text, this.#delimiter, at);
      const isWanted = this.#wanted === undefined || this.#wanted[column] === true;
      this.#fields.push(isWanted ? text.slice(at, next < end ? next : Math.max(at, end)) : '');
      if (next >= end) return;
      at = next + 1;
    }
  }

  #quotedRow(from: number, firstEnd: number, isEnd: boolean): number {
    const text = this.#text;
    let [at, end, lines] = [from, firstEnd, 1];
    for (;;) {
      if (text.charCodeAt(at) === QUOTE) {
        const close = closingQuote(text, at + 1);
        if (close < 0) return isEnd ? this.#unclosed(firstEnd, text.length) : -1;
        if (close > end) {
          lines += countLines(text, end, close);
          end = indexOr(text, '\n', close);
          if (end === NOWHERE && !isEnd) return -1;
          end = Math.min(end, text.length);
        }
        this.#fields.push(text.slice(at + 1, close).replaceAll('""', '"'));
        at = indexOr(text, this.#delimiter, close);
      } else {
        const next = indexOr(text, this.#delimiter, at);
        const stop = text.charCodeAt(end - 1) === RETURN ? end - 1 : end;
        this.#fields.push(text.slice(at, next < end ? next : Math.max(at, stop)));
        at = next;
      }
      if (at >= end) break;
      at += 1;
    }
    this.#give();
    this.#line += lines;
    return Math.min(text.length, end + 1);
  }

  /** A quote that nothing closes spoils its own line, and not all that follows it. */
  #unclosed(end: number, length: number): number {
    this.#give('a quote is not closed');
    this.#line += 1;
    return Math.min(length, end + 1);
  }

  #give(broken?: string): void {
    if (broken === undefined && this.#fields.length === 1 && this.#fields[0] === '') return;
    this.#onRow(this.#fields, this.#line, broken);
  }
}

const NOWHERE = Number.POSITIVE_INFINITY;

const indexOr = (text: string, wanted: string, from: number): number => {
  const at = text.indexOf(wanted, from);
  return at < 0 ? NOWHERE : at;
};

/** The quote that ends a field; doubled ones are part of it. −1 where there is none. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2))
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  return -1;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** The column of each of the wanted names in a header row, by name; −1 where it is missing. */
export const columnsOf = <Name extends string>(header: readonly string[], names: readonly Name[]) => {
  const own = header.map((name) => name.trim().replace(/^\uFEFF/, ''));
  return Object.fromEntries(names.map((name) => [name, own.indexOf(name)])) as Readonly<Record<Name, number>>;
};
