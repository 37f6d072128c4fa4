import type { FailureKind } from '../../../lib/measure/failures.ts';
import { FAILED_STATUS, MOST_BODY_BYTES, MOST_EXAMPLE_BYTES, type Needs } from '../sender.ts';
import { CR, hexPlusOne, LF, SEMICOLON } from './bytes.ts';
import { BROKEN, MORE, MOST_HEAD_BYTES, ResponseHead, type Wanted } from './head.ts';

type State = 'status' | 'header' | 'length' | 'close' | 'size' | 'data' | 'dataEnd' | 'trailer' | 'done' | 'failed';

/** 13 hexadecimal digits are 52 bits, which a number holds exactly. */
const MOST_SIZE_DIGITS = 13;

/** RFC 9112 §7.1.1, without escapes in quoted values. They are not used, but a malformed one may smuggle a second reply. */
const CHUNK_EXTENSIONS = /^(?:;[!#$%&'*+.^_`|~\w-]+(?:=(?:[!#$%&'*+.^_`|~\w-]+|"[\t !#-[\]-~]*"))?)+\r\n$/;

const NO_BODY = Buffer.alloc(0);

/**
 * An incremental parser of HTTP/1.1 responses (RFC 9112), one after another on a connection. It is strict: what llhttp refuses
 * it refuses. Bytes are read where they lie; only what a read has cut in two, and what the step needs, is copied.
 */
export class ResponseParser {
  readonly head = new ResponseHead();
  /** Whether bytes follow the response, which no request asked for. */
  leftover = false;
  #state: State = 'done';
  #needs: Needs = { head: false, body: false, headers: false };
  #wanted: Wanted = 'what matters';
  #held = NO_BODY;
  #bodyBytes = 0;
  #remaining = 0;
  #oneBody: Buffer = NO_BODY;
  #moreBody: Buffer[] | undefined;

  get done(): boolean {
    return this.#state === 'done';
  }

  get failed(): boolean {
    return this.#state === 'failed';
  }

  /** The stored body; it may be a view of the bytes pushed last, valid until the next read. */
  get body(): Buffer {
    return this.#moreBody === undefined ? this.#oneBody : Buffer.concat([this.#oneBody, ...this.#moreBody]);
  }

  /** Makes ready for the next response. */
  expect(needs: Needs): void {
    this.#needs = needs;
    this.#wanted = needs.headers ? 'all' : needs.body ? 'for the body' : 'what matters';
    this.leftover = false;
    this.#held = NO_BODY;
    this.#oneBody = NO_BODY;
    this.#moreBody = undefined;
    this.#bodyBytes = 0;
    this.head.begin();
    this.#state = 'status';
  }

  /** Takes the next bytes of the connection; afterwards `done` or `failed` may hold. */
  push(bytes: Buffer, length: number): void {
    let [buffer, end] = [bytes, length];
    if (this.#held.length > 0) {
      buffer = Buffer.concat([this.#held, bytes.subarray(0, length)]);
      end = buffer.length;
      this.#held = NO_BODY;
    }
    let at = 0;
    while (at < end && this.#state !== 'done' && this.#state !== 'failed') {
      const next = this.#step(buffer, at, end);
      if (next === BROKEN) this.#state = 'failed';
      else if (next === MORE) return this.#hold(buffer, at, end);
      else at = next;
    }
    this.leftover = at < end;
  }

  /** The connection has ended in order: that ends a body without a length, and breaks off anything else. */
  end(): void {
    if (this.#state === 'close') this.#state = 'done';
    else if (this.#state === 'status' || this.#state === 'header') this.#fail('closed');
    else if (this.#state !== 'done' && this.#state !== 'failed') this.#fail('truncated');
  }

  /** One element from `at` on; returns where it ended, `MORE` or `BROKEN`. */
  #step(buffer: Buffer, at: number, end: number): number {
    switch (this.#state) {
      case 'status':
        return this.#statusLine(buffer, at, end);
      case 'header':
      case 'trailer':
        return this.#headerLine(buffer, at, end);
      case 'size':
        return this.#sizeLine(buffer, at, end);
      case 'dataEnd':
        return this.#emptyLine(buffer, at, end, 'size');
      default:
        return this.#content(buffer, at, end);
    }
  }

  #fail(failure: FailureKind): void {
    this.head.broken(failure);
    this.#state = 'failed';
  }

  /** Keeps the beginning of a line that the next read ends. The bytes are the reader's, so they are copied. */
  #hold(buffer: Buffer, at: number, end: number): void {
    if (this.head.bytes + end - at > MOST_HEAD_BYTES) this.#fail('too-large');
    else this.#held = Buffer.from(buffer.subarray(at, end));
  }

  #statusLine(buffer: Buffer, at: number, end: number): number {
    const next = this.head.statusLine(buffer, at, end);
    if (next >= 0) this.#state = 'header';
    return next;
  }

  #headerLine(buffer: Buffer, at: number, end: number): number {
    const inHead = this.#state === 'header';
    if (buffer[at] === CR) return this.#emptyLine(buffer, at, end, inHead ? this.#afterHead() : 'done');
    return this.head.headerLine(buffer, at, end, inHead ? this.#wanted : 'nothing');
  }

  #emptyLine(buffer: Buffer, at: number, end: number, next: State): number {
    if (buffer[at] !== CR) return this.head.broken('protocol');
    if (at + 1 >= end) return MORE;
    if (buffer[at + 1] !== LF || next === 'failed') return this.head.broken('protocol');
    this.#state = next;
    if (next === 'status') this.head.begin();
    if (next === 'length') this.#remaining = this.head.length;
    if (next === 'size') this.head.bytes = 0;
    return at + 2;
  }

  /** Where the body ends (RFC 9112 §6.3). An interim reply (RFC 9110 §15.2) announces the real one. */
  #afterHead(): State {
    const { status, length, chunked } = this.head;
    if (status === 101) return 'failed';
    // A server that closes after an interim reply has nothing to announce; llhttp refuses it too.
    if (status < 200) return this.head.keepAlive ? 'status' : 'failed';
    if (this.#needs.head || status === 204 || status === 304) {
      // A length or coding on 204 and 304 means that content may follow after all, which must not become the next reply.
      if (!this.#needs.head && (length > 0 || chunked)) this.head.keepAlive = false;
      return 'done';
    }
    if (chunked) return 'size';
    if (length === 0) return 'done';
    if (length > 0) return 'length';
    this.head.keepAlive = false;
    return 'close';
  }

  /** `1a;extension`: hexadecimal digits, then an extension, which is not used. */
  #sizeLine(buffer: Buffer, at: number, end: number): number {
    let [size, next] = [0, at];
    for (let digit = 0; next < end && (digit = hexPlusOne[buffer[next] ?? 0] ?? 0) > 0; next += 1)
      size = size * 16 + digit - 1;
    if (next - at > MOST_SIZE_DIGITS) return this.head.broken('protocol');
    if (next >= end) return MORE;
    const byte = buffer[next];
    if (next === at || (byte !== CR && byte !== SEMICOLON)) return this.head.broken('protocol');
    const stop = this.head.lineEnd(buffer, next, end);
    if (stop < 0) return stop;
    if (byte === SEMICOLON && !CHUNK_EXTENSIONS.test(buffer.toString('latin1', next, stop)))
      return this.head.broken('protocol');
    this.#remaining = size;
    this.#state = size === 0 ? 'trailer' : 'data';
    return stop;
  }

  /** Bytes of the body, up to its length, its chunk's, or the connection's end. */
  #content(buffer: Buffer, at: number, end: number): number {
    const stop = this.#state === 'close' ? end : Math.min(end, at + this.#remaining);
    if (this.#needs.body) {
      if (!this.#storeBody(buffer, at, stop)) return this.head.broken('too-large');
    } else if (this.head.status >= FAILED_STATUS) this.#storeExample(buffer, at, stop);
    if (this.#state === 'close') return stop;
    this.#remaining -= stop - at;
    if (this.#remaining === 0) this.#state = this.#state === 'data' ? 'dataEnd' : 'done';
    return stop;
  }

  /** The beginning of a body that no check reads. */
  #storeExample(buffer: Buffer, at: number, stop: number): void {
    const end = Math.min(stop, at + MOST_EXAMPLE_BYTES - this.#bodyBytes);
    if (end > at) this.#storeBody(buffer, at, end);
  }

  #storeBody(buffer: Buffer, at: number, stop: number): boolean {
    const whole = this.#bodyBytes === 0 && this.#state === 'length' && this.#remaining === stop - at;
    this.#bodyBytes += stop - at;
    const piece = whole ? buffer.subarray(at, stop) : Buffer.from(buffer.subarray(at, stop));
    if (this.#oneBody.length === 0) this.#oneBody = piece;
    else (this.#moreBody ??= []).push(piece);
    return this.#bodyBytes <= MOST_BODY_BYTES;
  }
}
