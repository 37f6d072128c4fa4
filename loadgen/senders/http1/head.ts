import type { FailureKind } from '../../../lib/measure/failures.ts';
import { headerText } from '../header-text.ts';
import { COLON, CR, digitOf, isAsciiText, isToken, isValue, LF, decimalIn, SPACE, TAB } from './bytes.ts';

export type Headers = Record<string, string | string[] | undefined>;

/** As undici's and Node's default: more is a mistake or an attack. */
export const MOST_HEAD_BYTES = 16 * 1024;

const NO_HEADERS: Headers = Object.freeze({});
const [CONNECTION, KEEP_ALIVE, CONTENT_LENGTH, TRANSFER_ENCODING, CHUNKED] = [
  Buffer.from('connection'),
  Buffer.from('keep-alive'),
  Buffer.from('content-length'),
  Buffer.from('transfer-encoding'),
  Buffer.from('chunked'),
] as const;
const VERSION = Array.from('HTTP/1.1 ', (char) => char.charCodeAt(0));
const MINOR_VERSION_AT = 7;

/** Which headers are stored: every one, or beside those that every reply is read by also what a body is read by. */
export type Wanted = 'all' | 'for the body' | 'what matters' | 'nothing';

/** Where an element ended, or why it did not: it is not all there yet, or it breaks the protocol. */
export const MORE = -1;
export const BROKEN = -2;

/**
 * The head of a response, line by line (RFC 9112 §2 to §6): status, headers, and what they say of the body and the
 * connection. Each method takes one line from `at` on and returns where it ended, `MORE`, or `BROKEN` with `failure` set.
 */
export class ResponseHead {
  status = 0;
  headers: Headers = NO_HEADERS;
  keepAlive = true;
  /** −1 where no content-length stands. */
  length = -1;
  chunked = false;
  /** For how long the server keeps the connection when it has nothing to do (RFC 2068 §19.7.1.1); Infinity where it doesn't say. */
  idleSeconds = Number.POSITIVE_INFINITY;
  failure: FailureKind = 'protocol';
  /** `close` wins over `keep-alive`, whichever comes first. */
  #close = false;
  /** Bytes of lines so far; trailers and chunk sizes count too. */
  bytes = 0;

  begin(): void {
    this.#close = false;
    this.status = 0;
    this.headers = NO_HEADERS;
    this.keepAlive = true;
    this.length = -1;
    this.chunked = false;
    this.idleSeconds = Number.POSITIVE_INFINITY;
    this.bytes = 0;
  }

  broken(failure: FailureKind): number {
    this.failure = failure;
    return BROKEN;
  }

  /** `HTTP/1.1 200 OK`; the reason may be empty, and with it the space before it (RFC 9112 §4). */
  statusLine(buffer: Buffer, at: number, end: number): number {
    const known = Math.min(VERSION.length, end - at);
    for (let i = 0; i < known; i += 1) {
      const byte = buffer[at + i];
      if (byte !== VERSION[i] && !(i === MINOR_VERSION_AT && byte === 48)) return this.broken('protocol');
    }
    const stop = this.lineEnd(buffer, at + known, end);
    if (stop < 0) return stop;
    const [a, b, c] = [digitOf(buffer, at + 9), digitOf(buffer, at + 10), digitOf(buffer, at + 11)];
    const after = buffer[at + 12];
    if (!(a >= 1 && b >= 0 && c >= 0) || (after !== SPACE && after !== CR)) return this.broken('protocol');
    this.status = a * 100 + b * 10 + c;
    this.keepAlive = buffer[at + MINOR_VERSION_AT] === 49;
    return stop;
  }

  /** Returns the position after the CRLF that ends the line. Bytes that no line may hold break it. */
  lineEnd(buffer: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end && isValue[buffer[at] ?? 0] === 1) at += 1;
    if (at >= end) return MORE;
    if (buffer[at] !== CR) return this.broken('protocol');
    if (at + 1 >= end) return MORE;
    if (buffer[at + 1] !== LF) return this.broken('protocol');
    this.bytes += at + 2 - from;
    return this.bytes > MOST_HEAD_BYTES ? this.broken('too-large') : at + 2;
  }

  /** `name: value`. Trailers are checked in the same way, and not stored. */
  headerLine(buffer: Buffer, at: number, end: number, wanted: Wanted): number {
    let colon = at;
    while (colon < end && isToken[buffer[colon] ?? 0] === 1) colon += 1;
    if (colon >= end) return MORE;
    if (colon === at || buffer[colon] !== COLON) return this.broken('protocol');
    const stop = this.lineEnd(buffer, colon + 1, end);
    if (stop < 0 || !mayBe(wanted, buffer[at] ?? 0, colon - at)) return stop;
    if (wanted !== 'all' && this.#takeUsual(buffer, at, colon, stop - 2)) return stop;
    const name = buffer.toString('latin1', at, colon).toLowerCase();
    const store = wanted === 'all' || STORED[wanted].has(name);
    return this.#take(name, trimmed(buffer, colon + 1, stop - 2), store) ? stop : this.broken('protocol');
  }

  /** What nearly every reply says, read without making strings of it, which took half of a reply's parsing. False where it is anything else. */
  #takeUsual(buffer: Buffer, at: number, colon: number, to: number): boolean {
    const from = buffer[colon + 1] === SPACE ? colon + 2 : colon + 1;
    if (isAsciiText(buffer, at, colon, CONNECTION)) {
      if (!isAsciiText(buffer, from, to, KEEP_ALIVE)) return false;
      this.keepAlive = !this.#close;
      return true;
    }
    if (this.length >= 0 || this.chunked) return false;
    if (isAsciiText(buffer, at, colon, CONTENT_LENGTH)) this.length = decimalIn(buffer, from, to);
    else if (isAsciiText(buffer, at, colon, TRANSFER_ENCODING)) this.chunked = isAsciiText(buffer, from, to, CHUNKED);
    return this.length >= 0 || this.chunked;
  }

  /** False where the header contradicts another, or itself. */
  #take(name: string, value: string, store: boolean): boolean {
    if (store) this.#store(name, value);
    if (name === 'content-length') return this.#contentLength(value);
    if (name === 'transfer-encoding') return this.#transferEncoding(value);
    if (name === 'connection') this.#connection(value);
    if (name === 'keep-alive')
      this.idleSeconds = Number(/(?:^|[ ,])timeout=(\d+)/i.exec(value)?.[1] ?? this.idleSeconds);
    return true;
  }

  /** Digits only and only once (RFC 9112 §6.3): two lengths are how requests are smuggled. */
  #contentLength(value: string): boolean {
    const known = this.length >= 0 || this.chunked;
    this.length = /^\d{1,19}$/.test(value) ? Number(value) : -1;
    return this.length >= 0 && !known;
  }

  #transferEncoding(value: string): boolean {
    const known = this.length >= 0 || this.chunked;
    this.chunked = value.toLowerCase() === 'chunked';
    return this.chunked && !known;
  }

  #connection(value: string): void {
    const options = new Set(value.split(',').map((option) => option.trim().toLowerCase()));
    this.#close ||= options.has('close');
    this.keepAlive = !this.#close && (this.keepAlive || options.has('keep-alive'));
  }

  #store(name: string, value: string): void {
    if (this.headers === NO_HEADERS) this.headers = {};
    const text = headerText(value);
    const before = this.headers[name];
    this.headers[name] = before === undefined ? text : [before, text].flat();
  }
}

/** Names that are read whatever the step needs: how the reply is framed, and what becomes of its connection. */
const FRAMING = ['connection', 'keep-alive', 'content-length', 'transfer-encoding'];

const STORED: Readonly<Record<Exclude<Wanted, 'all'>, ReadonlySet<string>>> = {
  nothing: new Set(),
  'what matters': new Set(['set-cookie']),
  'for the body': new Set(['set-cookie', 'content-encoding', 'content-type']),
};

/** By length, the first letters of these names: two look-ups pass over nearly every other header. */
const initialsOf = (names: Iterable<string>): readonly (readonly number[])[] =>
  Array.from(names).reduce(
    (initials, name) => initials.with(name.length, [...(initials[name.length] ?? []), name.charCodeAt(0)]),
    Array.from({ length: 18 }, (): number[] => []),
  );

const MATTER = initialsOf([...FRAMING, ...STORED['what matters']]);
const MATTER_FOR_THE_BODY = initialsOf([...FRAMING, ...STORED['for the body']]);

const LOWER_CASE = 0x20;

function mayBe(wanted: Wanted, initial: number, length: number): boolean {
  if (wanted === 'all' || wanted === 'nothing') return wanted === 'all';
  const initials = wanted === 'what matters' ? MATTER : MATTER_FOR_THE_BODY;
  return initials[length]?.includes(initial | LOWER_CASE) === true;
}

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

function trimmed(buffer: Buffer, start: number, stop: number): string {
  let [from, to] = [start, stop];
  while (from < to && isBlank(buffer[from])) from += 1;
  while (to > from && isBlank(buffer[to - 1])) to -= 1;
  return buffer.toString('latin1', from, to);
}
