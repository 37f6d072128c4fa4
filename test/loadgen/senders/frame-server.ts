import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Certificate } from '../../system/honesty/certificates.ts';

const PREFACE_BYTES = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length;
const HEAD_BYTES = 9;
const [DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY] = [0, 1, 3, 4, 7];
export const END_STREAM = 1;
const END_HEADERS = 4;

/** RFC 9113 §4.1. */
function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const words = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
};

const text = (letters: string): Buffer => Buffer.concat([Buffer.of(letters.length), Buffer.from(letters)]);

/** Names and short values as they stand (RFC 7541 §6.2.2). */
export const headers = (stream: number, fields: Readonly<Record<string, string>>, flags = 0): Buffer =>
  frame(
    HEADERS,
    END_HEADERS | flags,
    stream,
    Buffer.concat(Object.entries(fields).flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)])),
  );
export const data = (stream: number, content: string, flags = 0): Buffer =>
  frame(DATA, flags, stream, Buffer.from(content));
export const reset = (stream: number, code: number): Buffer => frame(RST_STREAM, 0, stream, words(code));
export const goaway = (last: number, code: number): Buffer => frame(GOAWAY, 0, 0, words(last, code));

/** HTTP/2 over TLS by hand: each request, once it is whole, is answered with frames, sound or not. */
export class FrameServer {
  /** Streams of the requests, in order, and how many connections there were. */
  readonly asked: number[] = [];
  connections = 0;
  readonly #answer: (stream: number, nth: number) => readonly Buffer[];
  readonly #sockets = new Set<TLSSocket>();
  readonly #server;

  constructor(certificate: Certificate, answer: (stream: number, nth: number) => readonly Buffer[]) {
    this.#answer = answer;
    this.#server = createServer({ ...certificate, ALPNProtocols: ['h2'] }, (socket) => this.#connected(socket));
  }

  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #connected(socket: TLSSocket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write(frame(SETTINGS, 0, 0));
    let read = Buffer.alloc(0);
    let at = PREFACE_BYTES;
    socket.on('data', (bytes: Buffer) => {
      read = Buffer.concat([read, bytes]);
      while (read.length >= at + HEAD_BYTES && read.length >= at + HEAD_BYTES + read.readUIntBE(at, 3)) {
        this.#take(socket, read.subarray(at));
        at += HEAD_BYTES + read.readUIntBE(at, 3);
      }
    });
  }

  #take(socket: TLSSocket, bytes: Buffer): void {
    const [type, flags, stream] = [bytes.readUInt8(3), bytes.readUInt8(4), bytes.readUInt32BE(5)];
    if (type === SETTINGS && flags === 0) socket.write(frame(SETTINGS, 1, 0));
    if ((type !== HEADERS && type !== DATA) || (flags & END_STREAM) === 0) return;
    socket.write(Buffer.concat(this.#answer(stream, this.asked.push(stream))));
  }
}
