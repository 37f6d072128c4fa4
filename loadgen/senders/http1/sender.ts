import type { Socket } from 'node:net';
import type { FailureKind } from '../../../lib/measure/failures.ts';
import type { Transfer } from '../../../lib/measure/transfer.ts';
import { failureDetailOf, failureKindOf } from '../classify.ts';
import { connectionKey, type ConnectOptions, type Exchange, type PoolKey, type Outgoing } from '../sender.ts';
import type { OpeningWatch } from '../opening.ts';
import type { Sender, OnSettled, Wire } from '../sender.ts';
import { Deadlines } from './deadlines.ts';
import { bytesIn, encodeRequest, writeTogether } from './encode.ts';
import { LeanExchange } from './exchange.ts';
import { opener, proxyLines, type OpenSocket } from './open-socket.ts';
import { ResponseParser } from './parser.ts';
import { unlessRefused } from './tunnel.ts';

/** An idle connection is given up before the server is likely to: 5 s is the shortest keep-alive in wide use (Node's). */
const IDLE_MS = 4000;

/** A server that says when it will is left so much earlier, since a request may be on its way at that moment. */
const MARGIN_MS = 1000;

/**
 * Of connections left over from a burst one is closed in so long, since closing costs as much as some requests: thousands at once would stop
 * the thread, and one with each reply left too little time for what is due, which then opened as many again.
 */
const CLOSE_GAP_MS = 2;

/**
 * One connection, which carries one request at a time. What the request moves is counted here and not in an object of its own, since a
 * connection outlives many requests, and what is young and large is collected more often.
 */
class Connection implements Transfer {
  /** Where it waits when it has nothing to do. */
  readonly home: Connection[];
  readonly #parser = new ResponseParser();
  readonly #socket: Socket;
  readonly #secure: boolean;
  readonly #ports: ConnectionPorts;
  #exchange: LeanExchange | undefined;
  #connected = false;
  /** Until its first request is over. */
  #watch: OpeningWatch | undefined;
  bytesSent = 0;
  bytesReceived = 0;
  opening: Transfer['opening'];
  bodyUs = 0;
  /** When a read brought the first part of a reply; 0 where one brought all of it, which needs no look at the clock. */
  #firstByteMs = 0;
  #destroyed = false;
  /** Idle since it was used last, it is not to be used again from then on. */
  staleAtMs = 0;

  constructor(to: Outgoing, home: Connection[], ports: ConnectionPorts) {
    this.home = home;
    this.#secure = to.origin.startsWith('https:');
    this.#ports = ports;
    const { socket, opening } = ports.open(to, (bytes, length) => this.#read(bytes, length));
    this.#socket = socket;
    this.#watch = opening;
    this.#socket.setNoDelay(true);
    this.#socket
      .once(this.#secure ? 'secureConnect' : 'connect', () => (this.#connected = true))
      .once('end', () => this.#ended())
      .once('error', (error) => this.#broken(error))
      .once('close', () => this.#broken(undefined));
  }

  get usable(): boolean {
    return !this.#destroyed;
  }

  send(wire: Wire, outgoing: Outgoing, settled: OnSettled): LeanExchange {
    const exchange = new LeanExchange(this, settled);
    this.#exchange = exchange;
    this.bytesSent = bytesIn(wire);
    this.bytesReceived = 0;
    this.opening = undefined;
    this.bodyUs = 0;
    this.#firstByteMs = 0;
    this.#parser.expect(outgoing.needs);
    // Before the connection is there the socket keeps what is written, and sends it then.
    if (Buffer.isBuffer(wire)) this.#socket.write(wire);
    else writeTogether(this.#socket, wire);
    return exchange;
  }

  /** Ends with a request that was under way. */
  giveUp(): void {
    this.#note();
    this.destroy();
  }

  transfer(): Transfer {
    if (this.#firstByteMs > 0) this.bodyUs = (performance.now() - this.#firstByteMs) * 1000;
    return this;
  }

  /** What it took to get there belongs to the first request. */
  #note(): void {
    if (this.#watch === undefined) return;
    this.opening = this.#watch.read();
    this.#watch = undefined;
    if (!this.#connected) this.bytesSent = 0;
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#exchange = undefined;
    this.#socket.destroy();
    this.#ports.gone(this);
  }

  #read(bytes: Buffer, length: number): void {
    if (this.#destroyed) return;
    // Bytes without a request: this connection can't be trusted to pair replies with requests any more.
    if (this.#exchange === undefined) return this.destroy();
    this.bytesReceived += length;
    this.#parser.push(bytes, length);
    if (this.#parser.failed) this.#fail(this.#parser.head.failure);
    else if (this.#parser.done) this.#complete();
    else if (this.#firstByteMs === 0) this.#firstByteMs = performance.now();
  }

  #complete(): void {
    const exchange = this.#exchange;
    const { head, leftover } = this.#parser;
    this.#exchange = undefined;
    this.#note();
    if (leftover || !head.keepAlive) this.destroy();
    else this.#rest(Math.min(IDLE_MS, head.idleSeconds * 1000 - MARGIN_MS));
    const { status, headers } = head;
    exchange?.settle({ reply: { status, headers, body: this.#parser.body } });
  }

  #rest(ms: number): void {
    const nowMs = performance.now();
    this.staleAtMs = nowMs + ms;
    this.home.push(this);
    const [oldest] = this.home;
    if (oldest !== undefined && oldest.staleAtMs <= nowMs && this.#ports.mayClose(nowMs)) this.home.shift()?.destroy();
  }

  /** The server has closed its side properly (FIN). */
  #ended(): void {
    if (this.#destroyed) return;
    if (this.#exchange === undefined) return this.destroy();
    this.#parser.end();
    if (this.#parser.done) this.#complete();
    else if (this.#secure && !this.#connected) this.#fail('tls', 'the connection was closed in the handshake');
    else this.#fail(this.#parser.head.failure);
  }

  #broken(error: Error | undefined): void {
    if (this.#destroyed) return;
    if (error === undefined) return this.#ended();
    const progress = { secure: this.#secure, connected: this.#connected, statusSeen: this.#parser.head.status > 0 };
    this.#fail(failureKindOf(error, progress), failureDetailOf(error));
  }

  #fail(failure: FailureKind, detail?: string): void {
    const exchange = this.#exchange;
    this.#note();
    this.destroy();
    exchange?.settle({ failure, ...(detail !== undefined && { detail }) });
  }
}

interface ConnectionPorts {
  readonly open: OpenSocket;
  /** Whether one that is left over may be closed now. */
  readonly mayClose: (nowMs: number) => boolean;
  readonly gone: (connection: Connection) => void;
}

/**
 * The lean sender: HTTP/1.1 over bare sockets, one request a connection at a time, the connection used last taken first.
 * What can be is encoded once; replies are parsed in the shared read buffer.
 */
export class Http1Sender implements Sender {
  readonly #deadlines = new Deadlines();
  readonly #all = new Set<Connection>();
  readonly #pools = new Map<PoolKey, Map<string, Connection[]>>();
  readonly #ports: ConnectionPorts;
  #closedAtMs = Number.NEGATIVE_INFINITY;

  readonly #proxyLines: string | undefined;

  constructor(options: ConnectOptions) {
    this.#proxyLines = options.proxy && proxyLines(options.proxy);
    this.#ports = {
      open: opener(options),
      mayClose: (nowMs) => this.#mayClose(nowMs),
      gone: (connection) => void this.#all.delete(connection),
    };
  }

  send(outgoing: Outgoing, poolKey: PoolKey, settled: OnSettled): Exchange {
    const plain = outgoing.origin.startsWith('http:');
    const wire = (outgoing.wire ??= encodeRequest(outgoing, plain ? this.#proxyLines : undefined));
    if (wire === undefined) {
      setImmediate(() => settled({ failure: 'request' }));
      return { cut: () => undefined };
    }
    const onSettled = plain && this.#proxyLines !== undefined ? unlessRefused(settled) : settled;
    const exchange = this.#acquire(outgoing, poolKey).send(wire, outgoing, onSettled);
    this.#deadlines.add(exchange, Math.ceil(outgoing.deadlineUs / 1000));
    return exchange;
  }

  #mayClose(nowMs: number): boolean {
    if (nowMs < this.#closedAtMs + CLOSE_GAP_MS) return false;
    this.#closedAtMs = nowMs;
    return true;
  }

  leave(poolKey: PoolKey): void {
    for (const idle of this.#pools.get(poolKey)?.values() ?? []) {
      for (const connection of idle.splice(0)) connection.destroy();
    }
    this.#pools.delete(poolKey);
  }

  close(): void {
    for (const connection of this.#all) connection.destroy();
    this.#deadlines.close();
  }

  #acquire(outgoing: Outgoing, poolKey: PoolKey): Connection {
    const home = this.#home(connectionKey(outgoing), poolKey);
    for (let found = home.pop(); found !== undefined; found = home.pop()) {
      if (!found.usable) continue;
      if (performance.now() < found.staleAtMs) return found;
      // Those beneath it are older still; they go one by one, as others come to rest.
      found.destroy();
      break;
    }
    const connection = new Connection(outgoing, home, this.#ports);
    this.#all.add(connection);
    return connection;
  }

  #home(key: string, poolKey: PoolKey): Connection[] {
    let homes = this.#pools.get(poolKey);
    if (homes === undefined) this.#pools.set(poolKey, (homes = new Map()));
    let home = homes.get(key);
    if (home === undefined) homes.set(key, (home = []));
    return home;
  }
}
