import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { codeOf } from '../../../lib/errors.ts';
import type { OnSettled } from '../sender.ts';

/** More than a head says nothing that is of use. */
const MOST_HEAD_BYTES = 16 * 1024;

/** Bytes to a server by way of a proxy (CONNECT, RFC 9110 §9.3.6). What is written waits until the proxy has made the connection. */
export class Tunnel extends Duplex {
  /** The connection to the proxy. */
  readonly socket: Socket;
  #head: Buffer | undefined = Buffer.alloc(0);
  #waiting: (() => void) | undefined;

  /** `to` is HOST:PORT; `more` are lines of the request's head. */
  constructor(socket: Socket, to: string, more: string) {
    super();
    this.socket = socket;
    socket
      .on('data', (bytes: Buffer) => this.#read(bytes))
      .on('drain', () => this.#goOn())
      .once('end', () => this.#ended())
      .once('error', (error) => this.#broken(error))
      .once('close', () => this.destroy());
    socket.write(`CONNECT ${to} HTTP/1.1\r\nhost: ${to}\r\n${more}\r\n`);
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    const write = (): void => {
      if (this.socket.write(chunk)) done();
      else this.#waiting = done;
    };
    if (this.#head === undefined) write();
    else this.#waiting = write;
  }

  override _final(done: () => void): void {
    this.socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }

  #goOn(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }

  #read(bytes: Buffer): void {
    if (this.#head === undefined) {
      if (!this.push(bytes)) this.socket.pause();
      return;
    }
    const head = pastInterim(Buffer.concat([this.#head, bytes]));
    const end = head.indexOf(HEAD_END);
    const isTooLong = end < 0 && head.length > MOST_HEAD_BYTES;
    this.#head = head;
    if (end < 0 && !isTooLong) return;
    const [, status, reason = ''] = /^HTTP\/1\.[01] (\d{3})(?: ([^\r]*))?\r/.exec(head.toString('latin1')) ?? [];
    if (status?.startsWith('2') !== true || isTooLong) return void this.destroy(refusal(status, reason));
    this.#head = undefined;
    if (head.length > end + 4) this.push(head.subarray(end + 4));
    this.#goOn();
  }

  /** A proxy that was reached, and hangs up before it has answered, has made no connection, however it does so. */
  #broken(error: Error): void {
    this.destroy(this.#head !== undefined && codeOf(error) === 'ECONNRESET' ? refusal(undefined, '') : error);
  }

  #ended(): void {
    if (this.#head === undefined) this.push(null);
    else this.destroy(refusal(undefined, ''));
  }
}

const HEAD_END = '\r\n\r\n';

/** Interim replies (RFC 9110 §15.2) announce the real one. */
function pastInterim(head: Buffer): Buffer {
  const end = head.indexOf(HEAD_END);
  const isInterim = end >= 0 && /^HTTP\/1\.[01] 1\d\d/.test(head.toString('latin1', 0, end));
  return isInterim ? pastInterim(head.subarray(end + HEAD_END.length)) : head;
}

const refusal = (status: string | undefined, reason: string): Error =>
  Object.assign(
    new Error(
      status === undefined ? 'the proxy made no connection' : `the proxy answered ${`${status} ${reason}`.trimEnd()}`,
    ),
    { code: 'ERR_PROXY_REFUSED' },
  );

/** RFC 9110 §15.5.8: a 407 is the proxy's own, and says that the target was not asked. */
export const unlessRefused =
  (settled: OnSettled): OnSettled =>
  (settlement, transfer) => {
    const isRefused = 'reply' in settlement && settlement.reply.status === 407;
    settled(isRefused ? { failure: 'unreachable', detail: 'the proxy answered 407' } : settlement, transfer);
  };
