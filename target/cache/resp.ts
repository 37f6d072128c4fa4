/**
 * RESP2 as a server reads and writes it: https://redis.io/docs/latest/develop/reference/protocol-spec/
 * A request is an array of bulk strings, or an inline line of words.
 */

/** A request: the command's name and its arguments, as sent. */
export type Request = readonly Buffer[];

/** What a client may send. Redis allows 512 MB a string; a cache of 64 MB has no use for more than one. */
export const limits = {
  bulkBytes: 1024 * 1024,
  requestBytes: 4 * 1024 * 1024,
  arguments: 1024,
  lineBytes: 4096,
} as const;

/** A breach of the protocol. The connection cannot go on: where the next request starts is unknown. */
export class ProtocolError extends Error {}

const cr = 13;
const star = 42;
const dollar = 36;

/**
 * An incremental parser: feed it what arrived, take the requests that are complete. How the bytes were split has no effect.
 * It holds at most one unfinished request, bounded by `limits`; bytes are joined only once enough have come, so a peer that
 * sends one byte at a time costs no more than one that does not.
 */
export class RequestParser {
  #chunks: Buffer[] = [];
  #pendingBytes = 0;
  /** Bytes needed before parsing can go on; 0 when it is not known. */
  #needBytes = 0;
  #arguments: Buffer[] = [];
  #argumentsLeft = 0;
  #requestBytes = 0;
  /** The length of the bulk string whose header has been read; -1 between strings. */
  #bulkBytes = -1;

  /**
   * @returns the requests completed by this chunk, in order
   * @throws ProtocolError; the parser must not be used after it. Requests completed before the breach are handed over first
   */
  *push(chunk: Buffer): Generator<Request, void> {
    this.#chunks.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes < this.#needBytes) return;
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#pendingBytes);
    for (;;) {
      const step = this.#step(rest);
      if (step === undefined) break;
      rest = rest.subarray(step.consumed);
      if (step.request !== undefined) yield step.request;
    }
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#pendingBytes = rest.length;
  }

  /** Consumes one line or one bulk string; undefined when more bytes are needed. */
  #step(rest: Buffer): { consumed: number; request?: Request } | undefined {
    if (this.#bulkBytes >= 0) return this.#bulk(rest);
    const lineEnd = rest.subarray(0, limits.lineBytes + 2).indexOf('\r\n');
    if (lineEnd < 0) {
      if (rest.length >= limits.lineBytes + 2) throw new ProtocolError('too big inline request');
      this.#needBytes = 0;
      return undefined;
    }
    const line = rest.subarray(0, lineEnd);
    const request = this.#argumentsLeft > 0 ? this.#bulkHeader(line) : this.#firstLine(line);
    return { consumed: lineEnd + 2, ...(request === undefined ? {} : { request }) };
  }

  #firstLine(line: Buffer): Request | undefined {
    if (line[0] !== star) return inlineWords(line);
    const count = lengthIn(line, limits.arguments, 'invalid multibulk length');
    this.#argumentsLeft = Math.max(count, 0);
    this.#arguments = [];
    this.#requestBytes = 0;
    return undefined;
  }

  #bulkHeader(line: Buffer): undefined {
    if (line[0] !== dollar) throw new ProtocolError(`expected '$', got '${printable(line.subarray(0, 1))}'`);
    const length = lengthIn(line, limits.bulkBytes, 'invalid bulk length');
    this.#requestBytes += length;
    if (length < 0 || this.#requestBytes > limits.requestBytes) throw new ProtocolError('invalid bulk length');
    this.#bulkBytes = length;
    return undefined;
  }

  #bulk(rest: Buffer): { consumed: number; request?: Request } | undefined {
    const length = this.#bulkBytes;
    this.#needBytes = length + 2;
    if (rest.length < this.#needBytes) return undefined;
    this.#needBytes = 0;
    if (rest[length] !== cr || rest[length + 1] !== 10) throw new ProtocolError('invalid bulk end');
    // A copy: a slice would keep the whole network chunk alive for as long as the value is cached.
    this.#arguments.push(Buffer.from(rest.subarray(0, length)));
    this.#bulkBytes = -1;
    this.#argumentsLeft -= 1;
    return { consumed: length + 2, ...(this.#argumentsLeft === 0 ? { request: this.#arguments } : {}) };
  }
}

function lengthIn(line: Buffer, most: number, reportConfigurationError: string): number {
  const digits = line.toString('latin1', 1);
  if (!/^-?\d{1,10}$/.test(digits) || Number(digits) > most) throw new ProtocolError(reportConfigurationError);
  return Number(digits);
}

/** Words divided by blanks, without quoting: enough for a human with netcat. An empty line is no request. */
function inlineWords(line: Buffer): Request | undefined {
  const words = line
    .toString('latin1')
    .split(/[ \t\0]+/)
    .filter((word) => word !== '');
  return words.length === 0 ? undefined : words.map((word) => Buffer.from(word, 'latin1'));
}

/** Text from a client made safe to put in a one-line reply. */
export function printable(text: Buffer): string {
  return text.toString('latin1', 0, 128).replace(/[^\x20-\x7e]/g, '?');
}

/** A reply as a value: number or bigint → integer, Buffer → bulk string, null → null bulk string, array → array. */
export type Reply =
  | number
  | bigint
  | Buffer
  | null
  | { readonly simple: string }
  | { readonly error: string }
  | readonly Reply[];

export const ok: Reply = { simple: 'OK' };

/** @returns the bytes of a reply, in pieces to be written in order */
export function encode(reply: Reply, into: Buffer[] = []): Buffer[] {
  if (reply === null) into.push(Buffer.from('$-1\r\n'));
  else if (typeof reply === 'number' || typeof reply === 'bigint') into.push(Buffer.from(`:${reply}\r\n`));
  else if (Buffer.isBuffer(reply)) into.push(Buffer.from(`$${reply.length}\r\n`), reply, Buffer.from('\r\n'));
  else if ('simple' in reply) into.push(Buffer.from(`+${reply.simple}\r\n`));
  else if ('error' in reply) into.push(Buffer.from(`-${reply.error}\r\n`));
  else {
    into.push(Buffer.from(`*${reply.length}\r\n`));
    for (const item of reply) encode(item, into);
  }
  return into;
}
