import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** How long to hold a request that came `atMs` after the server's start. */
type Hold = (atMs: number) => number;

/** A sound server that holds every request for a known time, and measures itself how long it really held it. */
export class TimedServer {
  /** From a request's arrival in this process to the moment before its reply leaves it, in µs. */
  readonly holdsUs: number[] = [];
  readonly urls: string[] = [];
  readonly #hold: Hold;
  readonly #server: Server;
  readonly #loop = monitorEventLoopDelay({ resolution: 1 });

  private constructor(hold: Hold) {
    this.#hold = hold;
    this.#server = createServer((request, reply) => this.#answer(request.url ?? '', () => void reply.end('ok')));
    this.#loop.enable();
  }

  static async listen(hold: Hold): Promise<TimedServer> {
    const server = new TimedServer(hold);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How late this process's own timers were at the most, in µs. */
  get latenessUs(): number {
    return this.#loop.max / 1000;
  }

  /** The same in the middle of all, less the millisecond between two looks at the clock. */
  get usualLatenessUs(): number {
    return Math.max(0, this.#loop.percentile(50) / 1000 - 1000);
  }

  close(): void {
    this.#loop.disable();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(url: string, end: () => void): void {
    const readMs = performance.now();
    this.urls.push(url);
    const leave = (): void => {
      // Before the reply leaves: so every hold lies inside what the client can measure.
      this.holdsUs.push((performance.now() - readMs) * 1000);
      end();
    };
    const holdMs = this.#hold(readMs);
    if (holdMs > 0) setTimeout(leave, holdMs);
    else leave();
  }
}
