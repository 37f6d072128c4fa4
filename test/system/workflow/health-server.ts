import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that says it is well, and counts when requests for anything else came. */
export class HealthServer {
  readonly arrivedAtMs: number[] = [];
  #healthy = true;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, reply) => {
      if (request.url !== '/health') this.arrivedAtMs.push(Date.now());
      const detail = { status: 'ok', database: { ok: this.#healthy }, cache: { ok: true } };
      reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(detail));
    });
  }

  static async start(): Promise<HealthServer> {
    const started = new HealthServer();
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  loseDatabase(): void {
    this.#healthy = false;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
