import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** A service with the usual metrics of its client library, which fails on demand. */
export class AnsweringService implements AsyncDisposable {
  /** Every request ends in a 500. */
  failing = false;
  readonly #registry = new Registry();
  readonly #seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer',
    labelNames: ['status'],
    registers: [this.#registry],
  });
  readonly #server: Server;

  private constructor() {
    collectDefaultMetrics({ register: this.#registry });
    this.#server = createServer((request, reply) => {
      if (request.url === '/metrics') {
        void this.#registry.metrics().then((text) => reply.end(text));
        return;
      }
      const end = this.#seconds.startTimer();
      reply.statusCode = this.failing ? 500 : 200;
      reply.end(() => end({ status: reply.statusCode }));
    });
  }

  static async start(): Promise<AnsweringService> {
    const service = new AnsweringService();
    await once(service.#server.listen(0, '127.0.0.1'), 'listening');
    return service;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
