import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** More than a head says nothing that is of use. */
const MOST_HEAD_BYTES = 16 * 1024;

/** Bytes to a server by way of a proxy (CONNECT, RFC 9110 §9.3.6). What is written waits until the proxy has made the connection. */
export class Tunnel extends Duplex {
  readonly #socket: Socket;
  #head: Buffer | undefined = Buffer.alloc(0);
  #waiting: (() => void) | undefined;

  /** `to` is HOST:PORT; `more` are lines of the request's head. */
  constructor(socket: Socket, to: string, more: string) {
    super();
    this.#socket = socket;
    socket
      .on('data', (bytes: Buffer) => this.#read(bytes))
      .on('drain', () => this.#goOn())
      .once('end', () => this.#ended())
      .once('error', (error) => this.destroy(error))
      .once('close', () => this.destroy());
    socket.write(`CONNECT ${to} HTTP/1.1\r\nhost: ${to}\r\n${more}\r\n`);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    const write = (): void => {
      if (this.#socket.write(chunk)) done();
      else this.#waiting = done;
    };
    if (this.#head === undefined) write();
    else this.#waiting = write;
  }

  override _final(done: () => void): void {
    this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #goOn(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }

  #read(bytes: Buffer): void {
    if (this.#head === undefined) {
      if (!this.push(bytes)) this.#socket.pause();
      return;
    }
    const head = Buffer.concat([this.#head, bytes]);
    const end = head.indexOf('\r\n\r\n');
    const isTooLong = end < 0 && head.length > MOST_HEAD_BYTES;
    this.#head = head;
    if (end < 0 && !isTooLong) return;
    const [, status, reason = ''] = /^HTTP\/1\.[01] (\d{3})(?: ([^\r]*))?\r/.exec(head.toString('latin1')) ?? [];
    if (status?.startsWith('2') !== true || isTooLong) return void this.destroy(refusal(status, reason));
    this.#head = undefined;
    if (head.length > end + 4) this.push(head.subarray(end + 4));
    this.#goOn();
  }

  #ended(): void {
    if (this.#head === undefined) this.push(null);
    else this.destroy(refusal(undefined, ''));
  }
}

const refusal = (status: string | undefined, reason: string): Error =>
  Object.assign(
    new Error(
      status === undefined ? 'the proxy made no connection' : `the proxy answered ${`${status} ${reason}`.trimEnd()}`,
    ),
    { code: 'ERR_PROXY_REFUSED' },
  );
