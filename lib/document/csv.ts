import { counted } from '../units.ts';

/**
 * A CSV file in memory that all threads share: its bytes, and where each row begins. A row is read when it is asked for, so a
 * million rows of 40 MB take 44 MB, and nothing is copied to hand them to a thread.
 */
export interface CsvTable {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

/** Why a file is no CSV, and what to do: a part of a sentence. */
export class CsvInvalid extends Error {}

const [TAB, LF, CR, SPACE, QUOTE, COMMA] = [9, 10, 13, 32, 34, 44];

/**
 * Goes over a CSV's fields (RFC 4180): bytes in, no text made. Lines end with LF, CRLF or CR, mixed or not; blanks round a value are
 * not part of it; in quotes anything may stand.
 */
class CsvScanner {
  readonly #bytes: Uint8Array;
  at: number;
  line = 1;
  /** The field that was read last; in quotes, what is between them. */
  start = 0;
  end = 0;
  isQuoted = false;
  /** It was the last one of its row. */
  endsRow = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isOver(): boolean {
    return this.at >= this.#bytes.length;
  }

  /** Past line ends, so that lines with nothing in them are no rows. */
  skipEmptyLines(): void {
    for (let at = this.#pastBlanks(this.at); ; at = this.#pastBlanks(this.at)) {
      const byte = this.#bytes[at];
      if (byte !== LF && byte !== CR && byte !== undefined) return;
      this.#endRow(at);
      if (byte === undefined) return;
    }
  }

  readField(): void {
    const at = this.#pastBlanks(this.at);
    this.isQuoted = this.#bytes[at] === QUOTE;
    const end = this.isQuoted ? this.#readQuoted(at + 1) : this.#readPlain(at);
    this.endsRow = this.#bytes[end] !== COMMA;
    if (this.endsRow) this.#endRow(end);
    else this.at = end + 1;
  }

  #pastBlanks(from: number): number {
    let at = from;
    while (this.#bytes[at] === SPACE || this.#bytes[at] === TAB) at += 1;
    return at;
  }

  /** Up to a comma or the row's end. */
  #readPlain(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    for (let byte = bytes[at]; byte !== COMMA && byte !== LF && byte !== CR && byte !== undefined; byte = bytes[at]) {
      if (byte === QUOTE)
        throw new CsvInvalid(`line ${this.line} has a quote inside of a value; put all of it in quotes`);
      at += 1;
    }
    this.start = from;
    this.end = at;
    while (this.end > from && (bytes[this.end - 1] === SPACE || bytes[this.end - 1] === TAB)) this.end -= 1;
    return at;
  }

  /** Two quotes are a quote. */
  #readQuoted(from: number): number {
    const bytes = this.#bytes;
    const firstLine = this.line;
    let at = from;
    for (; bytes[at] !== QUOTE || bytes[at + 1] === QUOTE; at += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw new CsvInvalid(`line ${firstLine} opens a quote that is never closed; close it`);
      if (byte === QUOTE) at += 1;
      if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) this.line += 1;
    }
    this.start = from;
    this.end = at;
    const next = this.#pastBlanks(at + 1);
    const byte = bytes[next];
    if (byte !== COMMA && byte !== LF && byte !== CR && byte !== undefined)
      throw new CsvInvalid(`line ${this.line} goes on behind a quote; write two quotes for one inside of a value`);
    return next;
  }

  #endRow(at: number): void {
    const width = this.#bytes[at] === CR && this.#bytes[at + 1] === LF ? 2 : 1;
    if (at < this.#bytes.length) this.line += 1;
    this.at = at + width;
  }
}

const BOM = [0xef, 0xbb, 0xbf];

/** The header's columns, and the rows below it; no columns of an empty file. @throws CsvInvalid */
export function readCsv(file: Uint8Array): { columns: string[]; table: CsvTable } {
  const bytes = shared(file);
  const scanner = new CsvScanner(bytes, BOM.every((byte, i) => bytes[i] === byte) ? BOM.length : 0);
  scanner.skipEmptyLines();
  const headerAt = scanner.at;
  const header = countFields(scanner);
  const starts = new SharedOffsets(bytes.length);
  for (scanner.skipEmptyLines(); !scanner.isOver; scanner.skipEmptyLines()) {
    starts.push(scanner.at);
    const { line } = scanner;
    const fields = countFields(scanner);
    if (fields !== header)
      throw new CsvInvalid(`line ${line} has ${counted(fields, 'value')}, and the header has ${header}; mend the line`);
  }
  const table = { bytes, starts: starts.all() };
  return { columns: header === 0 ? [] : csvReader(table)(headerAt), table };
}

function countFields(scanner: CsvScanner): number {
  if (scanner.isOver) return 0;
  for (let fields = 1; ; fields += 1) {
    scanner.readField();
    if (scanner.endsRow) return fields;
  }
}

/** Reads the row that begins at a byte. */
export function csvReader({ bytes }: Pick<CsvTable, 'bytes'>): (start: number) => string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const scanner = new CsvScanner(bytes, 0);
  return (start) => {
    const fields: string[] = [];
    scanner.at = start;
    do {
      scanner.readField();
      const text = buffer.toString('utf8', scanner.start, scanner.end);
      fields.push(scanner.isQuoted ? text.replaceAll('""', '"') : text);
    } while (!scanner.endsRow);
    return fields;
  };
}

const isShared = ({ buffer }: Uint8Array): boolean => buffer instanceof SharedArrayBuffer;

function shared(bytes: Uint8Array): Uint8Array {
  if (isShared(bytes)) return bytes;
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** Grows in place, since every copy of a million offsets is 4 MB. */
class SharedOffsets {
  readonly #memory: SharedArrayBuffer;
  #view: Uint32Array;
  #count = 0;

  /** A row has two bytes at least: a letter or a comma, and its end. */
  constructor(fileBytes: number) {
    this.#memory = new SharedArrayBuffer(0, { maxByteLength: 4 * Math.ceil((fileBytes + 1) / 2) });
    this.#view = new Uint32Array(this.#memory, 0, 0);
  }

  push(offset: number): void {
    if (this.#count === this.#view.length) {
      const bytes = Math.min(this.#memory.maxByteLength, 2 * this.#memory.byteLength + 4096);
      this.#memory.grow(bytes);
      this.#view = new Uint32Array(this.#memory, 0, bytes / 4);
    }
    this.#view[this.#count] = offset;
    this.#count += 1;
  }

  all(): Uint32Array {
    return new Uint32Array(this.#memory, 0, this.#count);
  }
}
