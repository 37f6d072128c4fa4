import { TextCache } from './text-cache.ts';

/** Longer ones hardly come twice. */
const LONGEST_CACHED = 128;

/** As many digits as any double holds exactly, and the powers of ten that are doubles. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, digits) => 10 ** digits);

const [DOT, ZERO] = [0x2e, 0x30];

/** The fields of a row, by column from 0, read from its bytes when they are asked for; they must be while it is handed over. */
export interface CsvRow {
  readonly width: number;
  /** Empty where there is no such column. */
  text(column: number): string;
  /** NaN where the field is missing, empty, or no number. */
  number(column: number): number;
  /** All of them. */
  texts(): string[];
}

/** Where the fields of a row lie in the bytes of a piece: filled anew for each row. */
export class RowFields implements CsvRow {
  width = 0;
  bytes = Buffer.alloc(0);
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #doubled: boolean[] = [];
  readonly #texts = new TextCache();

  /** `hasDoubled`: quotes in it are doubled. */
  add(start: number, end: number, hasDoubled: boolean): void {
    this.#starts[this.width] = start;
    this.#ends[this.width] = end;
    this.#doubled[this.width] = hasDoubled;
    this.width += 1;
  }

  text(column: number): string {
    if (!(column >= 0 && column < this.width)) return '';
    const [start, end] = [this.#starts[column] ?? 0, this.#ends[column] ?? 0];
    if (start === end) return '';
    if (this.#doubled[column] === true) return this.bytes.toString('utf8', start, end).replaceAll('""', '"');
    if (end - start > LONGEST_CACHED) return this.bytes.toString('utf8', start, end);
    return this.#texts.text(this.bytes, start, end);
  }

  number(column: number): number {
    if (!(column >= 0 && column < this.width)) return Number.NaN;
    const [start, end] = [this.#starts[column] ?? 0, this.#ends[column] ?? 0];
    const plain = plainNumber(this.bytes, start, end);
    if (plain >= 0) return plain;
    const text = this.bytes.toString('utf8', start, end).trim();
    return text === '' ? Number.NaN : Number(text);
  }

  texts(): string[] {
    return Array.from({ length: this.width }, (_, column) => this.text(column));
  }
}

/**
 * `1551614636000`, `12.345`: digits, among them a dot at the most. −1 of anything else, or of more digits than are exact. The quotient
 * of a whole number and a power of ten, both exact, is the double that is nearest to the decimal number.
 */
function plainNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > MOST_DIGITS) return -1;
  let [value, dot] = [0, -1];
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (bytes[at] === DOT && dot < 0) dot = at;
    else return -1;
  }
  if (dot < 0) return value;
  return end - start === 1 ? -1 : value / (POWERS[end - dot - 1] ?? Number.NaN);
}
