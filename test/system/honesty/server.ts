import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { Account } from './account.ts';
import type { Behaviour } from './behaviour.ts';
import { FrozenServer } from './frozen-server.ts';
import { GONE, GOOD } from './replies.ts';
import { RequestReader, type ReadRequest } from './request-reader.ts';

/** tcpmux (RFC 1078), which nobody has run for decades. */
const UNUSED_PORT = 1;

/** One to accept, one to read, one to spare. */
const ACCEPT_TURNS = 3;

/** Connections that a client has given up end by themselves; those of a behaviour that never reads have to be ended. */
const DRAIN_TURNS = 30;

/** A server on loopback that goes wrong in one way, answers everything else well, and keeps its own account. */
export class MisbehavingServer {
  readonly account = new Account();
  readonly #behaviour: Behaviour;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #port = 0;
  readonly #raw = new Map<number | undefined, Socket>();
  #frozen: FrozenServer | undefined;

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
    this.#server = this.#create();
  }

  async listen(): Promise<void> {
    const { instead } = this.#behaviour.listen ?? {};
    if (instead === 'nobody') this.#port = UNUSED_PORT;
    else if (instead === 'a frozen process') this.#port = (this.#frozen = await FrozenServer.start()).port;
    else await this.#listen();
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    const { tls, scheme, host } = this.#behaviour.listen ?? {};
    return `${scheme ?? (tls === undefined ? 'http' : 'https')}://${host ?? '127.0.0.1'}:${this.#port}`;
  }

  /** Ends as a process that was killed: nothing listens any more, and every connection is gone. */
  die(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Listens on the same port again. */
  async comeBack(): Promise<void> {
    this.#server = this.#create();
    await this.#listen();
  }

  /**
   * Accepts and reads what is still on its way, so that the account is whole, and ends. It waits by turns of the event loop,
   * not by the clock: a turn takes in whatever has come, however long this process was not let run.
   */
  async close(): Promise<void> {
    this.#frozen?.close();
    for (let turn = 0; turn < ACCEPT_TURNS || (this.#sockets.size > 0 && turn < DRAIN_TURNS); turn += 1)
      await delay(10);
    if (this.#server.listening) this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #create(): Server {
    const { tls } = this.#behaviour.listen ?? {};
    if (tls === undefined) return createServer((socket) => this.#connected(socket));
    return createTlsServer(tls, (socket) => this.#connected(socket))
      .on('connection', (raw: Socket) => this.#raw.set(raw.remotePort, raw))
      .on('tlsClientError', (_, socket) => socket.destroy());
  }

  #connected(socket: Socket): void {
    const nth = this.account.connections++;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
    if (this.#behaviour.connected?.(socket, nth, this) === true) return;
    const reader = new RequestReader(this.#behaviour.beforeBody === true);
    let nthOnConnection = 0;
    socket.on('data', (bytes) => {
      for (const request of reader.read(bytes)) this.#answer(socket, request, nthOnConnection++);
    });
  }

  #answer(socket: Socket, { path: whole, headers, body }: ReadRequest, nthOnConnection: number): void {
    const path = whole.split('?')[0] ?? whole;
    const nth = this.account.of(path).read;
    this.account.read(path, headers.get('x-id'));
    // Read behind our own end: it was on its way when the client had not seen that yet.
    if (socket.writableEnded) return this.account.expect(path, GONE);
    const { answer, everywhere, honest } = this.#behaviour;
    if (answer === undefined || (path !== '/bad' && everywhere !== true)) {
      socket.write(GOOD);
      this.account.expect(path, answer === undefined ? honest : 'ok');
      return;
    }
    const raw = this.#raw.get(socket.remotePort) ?? socket;
    const said = answer({ socket, raw, server: this, path, headers, body, nth, nthOnConnection });
    this.account.expect(path, said ?? honest);
  }
}
