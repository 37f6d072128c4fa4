import { RowFields, type CsvRow } from './csv-row.ts';
import { LONGEST_LINE } from './lines.ts';

const [QUOTE, NEWLINE, RETURN] = [0x22, 0x0a, 0x0d];

/** A row, its line number from 1; `broken` says why its fields are not to be used. */
export type OnRow = (row: CsvRow, line: number, broken?: string) => void;

/**
 * RFC 4180 with any delimiter of one byte, line ends of both kinds and line breaks in quotes, of UTF-8. Result files reach gigabytes, and
 * of these only numbers and names that come again and again are read: so a row is a list of places in the bytes, and a field becomes a
 * number or a text when it is asked for.
 */
export class CsvReader {
  readonly #delimiter: number;
  readonly #onRow: OnRow;
  readonly #row = new RowFields();
  #bytes = Buffer.alloc(0);
  #line = 1;
  #skipping = false;

  constructor(delimiter: string, onRow: OnRow) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#onRow = onRow;
  }

  /** The piece may be written into again afterwards. */
  write(piece: Uint8Array): void {
    const rest = this.#bytes;
    this.#bytes =
      rest.length > 0
        ? Buffer.concat([rest, piece])
        : Buffer.from(piece.buffer as ArrayBuffer, piece.byteOffset, piece.length);
    this.#read(false);
  }

  /** Returns whether the last row had no end. */
  end(): boolean {
    const hasRest = this.#bytes.length > 0 || this.#skipping;
    this.#read(true);
    return hasRest;
  }

  #read(isEnd: boolean): void {
    this.#row.bytes = this.#bytes;
    let at = this.#skipping ? this.#skipLine(0) : 0;
    while (at < this.#bytes.length) {
      let next = this.#readRow(at, isEnd);
      // What no quote closes within a million bytes is one bad line, and those after it are read again.
      if (next < 0 && this.#bytes.length - at > LONGEST_LINE) next = this.#badLine(at);
      if (next < 0) break;
      at = next;
    }
    this.#bytes = Buffer.from(this.#bytes.subarray(at));
  }

  #badLine(from: number): number {
    const end = this.#bytes.indexOf(NEWLINE, from);
    if (end >= 0) return this.#unclosed(from);
    this.#row.width = 0;
    this.#onRow(this.#row, this.#line, 'the row is longer than a million characters');
    this.#skipping = true;
    return this.#bytes.length;
  }

  /** Where the row after the long one begins; the length of the bytes where that is not in them yet. */
  #skipLine(at: number): number {
    const end = this.#bytes.indexOf(NEWLINE, at);
    if (end < 0) return this.#bytes.length;
    this.#skipping = false;
    this.#line += 1;
    return end + 1;
  }

  /** Reads the row that begins at `from`; returns where the next one begins, −1 where this one is not whole yet. */
  #readRow(from: number, isEnd: boolean): number {
    const [bytes, row, delimiter] = [this.#bytes, this.#row, this.#delimiter];
    const { length } = bytes;
    let [at, lines] = [from, 1];
    row.width = 0;
    for (;;) {
      const start = at;
      if (bytes[at] === QUOTE) {
        const close = closingQuote(bytes, at + 1);
        if (close < 0) return isEnd ? this.#unclosed(from) : -1;
        lines += countLines(bytes, start, close);
        row.add(start + 1, close, hasQuote(bytes, start + 1, close));
        // What stands between the quote and the delimiter is no part of the field.
        at = endOfField(bytes, close + 1, delimiter);
      } else {
        at = endOfField(bytes, at, delimiter);
        const isLast = at === length || bytes[at] === NEWLINE;
        row.add(start, isLast && at > start && bytes[at - 1] === RETURN ? at - 1 : at, false);
      }
      if (at === length && !isEnd) return -1;
      if (at === length || bytes[at] === NEWLINE) break;
      at += 1;
    }
    const isEmpty = row.width === 1 && row.text(0) === '';
    if (!isEmpty) this.#onRow(row, this.#line);
    this.#line += lines;
    return Math.min(length, at + 1);
  }

  /** A quote that nothing closes spoils its own line, and not all that follows it. */
  #unclosed(from: number): number {
    this.#row.width = 0;
    this.#onRow(this.#row, this.#line, 'a quote is not closed');
    this.#line += 1;
    const end = this.#bytes.indexOf(NEWLINE, from);
    return end < 0 ? this.#bytes.length : end + 1;
  }
}

/** The next delimiter or line end; the length where there is none. Half of the work of an import is here. */
function endOfField(bytes: Uint8Array, from: number, delimiter: number): number {
  const { length } = bytes;
  let at = from;
  for (; at < length; at += 1) {
    const byte = bytes[at];
    if (byte === delimiter || byte === NEWLINE) break;
  }
  return at;
}

/** The quote that ends a field; doubled ones are part of it. −1 where there is none. */
function closingQuote(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0; at = bytes.indexOf(QUOTE, at + 2))
    if (bytes[at + 1] !== QUOTE) return at;
  return -1;
}

function hasQuote(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] === QUOTE) return true;
  return false;
}

function countLines(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) if (bytes[at] === NEWLINE) count += 1;
  return count;
}

/** The column of each of the wanted names in a header row, by name; −1 where it is missing. */
export const columnsOf = <Name extends string>(header: readonly string[], names: readonly Name[]) => {
  const own = header.map((name) => name.trim().replace(/^\uFEFF/, ''));
  return Object.fromEntries(names.map((name) => [name, own.indexOf(name)])) as Readonly<Record<Name, number>>;
};

/** The fields of a line by itself, which has no line breaks. */
export function fieldsOfLine(line: string, delimiter = ','): readonly string[] {
  if (!line.includes('"')) return line.split(delimiter);
  let found: readonly string[] = [];
  const reader = new CsvReader(delimiter, (row) => (found = row.texts()));
  reader.write(Buffer.from(`${line}\n`));
  reader.end();
  return found;
}
