import { buildConnector, type Dispatcher } from 'undici';
import { failureDetailOf, failureKindOf } from './classify.ts';
import { bytesOfText, headerText } from './header-text.ts';
import { http2FailureOf, isOfStream, RequestStream } from './http2-stream.ts';
import {
  connectionKey,
  FAILED_STATUS,
  MOST_BODY_BYTES,
  MOST_EXAMPLE_BYTES,
  type ConnectOptions,
  type Exchange,
  type PoolKey,
  type Outgoing,
  type Sender,
  type OnSettled,
  type Settlement,
} from './sender.ts';
import { hostNameOf, identifiedAs, trustOf } from './tls.ts';
import { UndiciConnection, type Connect } from './undici-connection.ts';

class UndiciExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly #connection: UndiciConnection;
  readonly #needsBody: boolean;
  readonly #release: (connection: UndiciConnection, usable: boolean) => void;
  #settled: OnSettled | undefined;
  readonly #deadline: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  /** When the reply's head was there. */
  #headMs = 0;
  #headers: Record<string, string | string[] | undefined> = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  readonly #stream = new RequestStream();

  constructor(
    connection: UndiciConnection,
    outgoing: Outgoing,
    release: (connection: UndiciConnection, usable: boolean) => void,
    settled: OnSettled,
  ) {
    this.#connection = connection;
    this.#needsBody = outgoing.needs.body;
    this.#release = release;
    this.#settled = settled;
    // Node's timers count from a whole ms that is already past, so they fire up to 1 ms early; a deadline never is.
    this.#deadline = setTimeout(
      () => this.#settle({ failure: 'timedOut' }, false),
      Math.ceil(outgoing.deadlineUs / 1e3) + 1,
    );
  }

  cut(): void {
    this.#settle({ failure: 'cut' }, false);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const { socket, parting } = this.#connection;
    const before = this.#stream.begin(socket, parting);
    if (before !== undefined) this.#settle(before, before.failure === 'reset');
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // Interim replies (RFC 9110 §15.2) announce the real one.
    if (status < 200) return;
    this.#headMs = performance.now();
    this.#status = status;
    this.#headers = mapValues(headers, headerText);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#needsBody && (this.#status < FAILED_STATUS || this.#bytes >= MOST_EXAMPLE_BYTES)) return;
    this.#bytes += chunk.length;
    if (this.#bytes > MOST_BODY_BYTES) this.#settle({ failure: 'too-large' }, false);
    else this.#chunks.push(Buffer.from(chunk));
  }

  onResponseEnd(): void {
    const { socket } = this.#connection;
    // A body that ends with its connection is complete only when the connection ended in order (RFC 9112 §8).
    if (socket?.errored) return this.#settle({ failure: 'reset' }, false);
    const brokenOff = this.#stream.brokenOff();
    if (brokenOff !== undefined) return this.#settle(brokenOff, false);
    clearTimeout(this.#deadline);
    // Bytes after the reply are parsed in this same turn and destroy the socket; wait for that before it serves again.
    queueMicrotask(() => {
      const body = Buffer.concat(this.#chunks);
      this.#settle({ reply: { status: this.#status, headers: this.#headers, body } }, socket?.destroyed === false);
    });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const { secure, connected } = this.#connection;
    const statusSeen = this.#status > 0;
    const failure = http2FailureOf(error, statusSeen) ?? failureKindOf(error, { secure, connected, statusSeen });
    const usable = isOfStream(error) && this.#connection.socket?.destroyed === false;
    this.#settle({ failure, detail: failureDetailOf(error) }, usable);
  }

  #settle(settlement: Settlement, usable: boolean): void {
    const settled = this.#settled;
    if (settled === undefined) return;
    this.#settled = undefined;
    clearTimeout(this.#deadline);
    const bodyUs = this.#headMs > 0 ? (performance.now() - this.#headMs) * 1000 : 0;
    const transfer = { ...this.#connection.passed(), bodyUs };
    // A client of HTTP/2 that is destroyed with a request under way throws where it can not be caught.
    if ('failure' in settlement) this.#controller?.abort(new Error(settlement.failure));
    this.#release(this.#connection, usable);
    // An error can come while `send` is still on the stack; the caller must have its exchange before the end of it.
    if ('reply' in settlement) settled(settlement, transfer);
    else queueMicrotask(() => settled(settlement, transfer));
  }
}

type HeaderValues = Record<string, string | string[] | undefined>;

const mapValues = (headers: HeaderValues, map: (value: string) => string): HeaderValues =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(map) : value && map(value)]),
  );

/** undici writes the letters of Latin-1 as bytes, and refuses any other. */
const bytesAsLatin1 = (value: string): string => bytesOfText(value).toString('latin1');

function bytesOf(body: Outgoing['body']): Buffer | null {
  if (body === null) return null;
  return typeof body === 'string' ? bytesOfText(body) : Buffer.concat(body);
}

/**
 * A sender over undici, for what the lean one doesn't speak: HTTP/2, where the server chooses it (ALPN), else HTTP/1.1. One
 * request a connection at a time, the connection used last taken first.
 */
export class UndiciSender implements Sender {
  readonly #options: ConnectOptions & { readonly http2: boolean };
  /** By server name: each has sessions of its own. */
  readonly #connects = new Map<string, Connect>();
  readonly #pools = new Map<PoolKey, Map<string, UndiciConnection[]>>();
  readonly #all = new Set<UndiciConnection>();

  constructor(options: ConnectOptions & { readonly http2: boolean }) {
    this.#options = options;
  }

  send(outgoing: Outgoing, poolKey: PoolKey, settled: OnSettled): Exchange {
    const { origin, path, method } = outgoing;
    const home = this.#home(connectionKey(outgoing), poolKey);
    const release = (used: UndiciConnection, usable: boolean): void => this.#release(home, used, usable);
    const connection = this.#acquire(outgoing, home);
    const exchange = new UndiciExchange(connection, outgoing, release, settled);
    const headers = Object.fromEntries(
      Object.entries(outgoing.headers).map(([name, value]) => [
        outgoing.names?.[name] ?? name,
        typeof value === 'string' ? bytesAsLatin1(value) : value.map(bytesAsLatin1),
      ]),
    );
    const body = bytesOf(outgoing.body);
    connection.client.dispatch({ origin, path, method, headers, body }, exchange);
    return exchange;
  }

  leave(poolKey: PoolKey): void {
    for (const home of this.#pools.get(poolKey)?.values() ?? []) {
      for (const connection of home.splice(0)) this.#drop(connection);
    }
    this.#pools.delete(poolKey);
  }

  close(): void {
    for (const connection of this.#all) connection.give();
    this.#all.clear();
    this.#pools.clear();
  }

  #home(key: string, poolKey: PoolKey): UndiciConnection[] {
    const homes = this.#pools.get(poolKey) ?? new Map<string, UndiciConnection[]>();
    this.#pools.set(poolKey, homes);
    const home = homes.get(key) ?? [];
    homes.set(key, home);
    return home;
  }

  #acquire({ origin, serverName }: Outgoing, home: UndiciConnection[]): UndiciConnection {
    for (let idle = home.pop(); idle !== undefined; idle = home.pop()) {
      if (idle.socket?.destroyed === false) return idle;
      this.#drop(idle);
    }
    const connection = new UndiciConnection(origin, this.#connectAs(serverName ?? hostNameOf(origin)));
    this.#all.add(connection);
    return connection;
  }

  #connectAs(name: string): Connect {
    const { tls, sourceAddresses, http2 } = this.#options;
    const known = this.#connects.get(name);
    if (known !== undefined) return known;
    const identity = identifiedAs(name);
    // Deadlines are the exchange's: undici's own have a granularity of a second and begin again with every byte.
    const build = buildConnector({
      allowH2: http2,
      timeout: 0,
      ...trustOf(tls),
      ...identity,
      ...(sourceAddresses[0] !== undefined && { localAddress: sourceAddresses[0] }),
    });
    // undici's own rule is the Host header, and no address.
    const connect: Connect = (options, callback) =>
      build(options.protocol === 'https:' ? { ...options, servername: identity.servername ?? '' } : options, callback);
    this.#connects.set(name, connect);
    return connect;
  }

  #release(home: UndiciConnection[], connection: UndiciConnection, usable: boolean): void {
    if (usable) home.push(connection);
    else this.#drop(connection);
  }

  #drop(connection: UndiciConnection): void {
    this.#all.delete(connection);
    connection.give();
  }
}
