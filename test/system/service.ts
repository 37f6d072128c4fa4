import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Replies that are kept back. */
export interface Hold {
  /** Resolves with the first request that waits. */
  readonly heard: Promise<void>;
  readonly release: () => void;
}

/** A sound service for the command line to load. It fails what asks it to, and keeps replies back while a test needs time. */
export class Service {
  /** Every path that it was asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;
  #held: { readonly heard: () => void; readonly released: Promise<void> } | undefined;

  private constructor() {
    this.#server = createServer((request, reply) => {
      this.asked.push(request.url ?? '');
      if (request.url === '/fail') reply.statusCode = 500;
      const answer = (): void => void reply.end(JSON.stringify({ next: `${this.url}/lured` }));
      this.#held?.heard();
      if (this.#held === undefined) answer();
      else void this.#held.released.then(answer);
    });
  }

  static async listen(): Promise<Service> {
    const service = new Service();
    service.#server.listen(0, '127.0.0.1');
    await once(service.#server, 'listening');
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on replies wait, so that a run can't come to its end before what a test does in its middle is done. */
  hold(): Hold {
    const heard = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.#held = { heard: heard.resolve, released: released.promise };
    const release = (): void => {
      this.#held = undefined;
      released.resolve();
    };
    return { heard: heard.promise, release };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
