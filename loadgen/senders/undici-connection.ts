import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Client, type buildConnector } from 'undici';
import type { Transfer } from '../../lib/measure/transfer.ts';
import { OpeningWatch } from './opening.ts';
import { hostNameOf } from './tls.ts';

export type Connect = ReturnType<typeof buildConnector>;

/**
 * One connection and the undici client that owns it. A client each, rather than a pool, lets us see the socket: only it
 * distinguishes a reset from the orderly end of a body without a length, which undici takes for the same.
 */
export class UndiciConnection {
  readonly client: Client;
  readonly secure: boolean;
  socket: Socket | TLSSocket | undefined;
  connected = false;
  /** What the connection before this one ended with. */
  parting: string | undefined;
  #opening: OpeningWatch | undefined;
  #read = 0;
  #written = 0;

  constructor(origin: string, connect: Connect) {
    this.secure = origin.startsWith('https:');
    const connectAndStore: Connect = (options, callback) => {
      this.connected = false;
      this.#opening = new OpeningWatch(hostNameOf(origin), this.secure);
      [this.#read, this.#written] = [0, 0];
      // buildConnector's type says void, but it returns the socket at once, which is what lets a deadline end a connect.
      const socket: unknown = connect(options, (...result) => {
        this.connected = result[0] === null;
        callback(...result);
      });
      this.socket = socket as Socket | TLSSocket;
      this.#opening.watch(this.socket);
      return socket;
    };
    this.client = new Client(origin, {
      connect: connectAndStore,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.client.on('disconnect', (_origin, _clients, error) => (this.parting = error.message));
  }

  /** What has passed since it was last asked; frames of HTTP/2 that belong to no request are the next one's. */
  passed(): Pick<Transfer, 'bytesSent' | 'bytesReceived' | 'opening'> {
    const { bytesRead = 0, bytesWritten = 0 } = this.socket ?? {};
    const written = this.connected ? bytesWritten : 0;
    const opening = this.#opening?.read();
    const passed = { bytesSent: written - this.#written, bytesReceived: bytesRead - this.#read, opening };
    [this.#opening, this.#read, this.#written] = [undefined, bytesRead, written];
    return passed;
  }

  give(): void {
    this.socket?.destroy();
    void this.client.destroy();
  }
}
