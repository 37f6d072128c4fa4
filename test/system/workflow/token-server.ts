import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that hands a token out, wants it with every request, and says in the end whether its data is sound. */
export class TokenServer {
  static readonly SECRET = 'ZxQ-token-of-the-setup';
  /** Method and path of everything but health checks, in the order of arrival. */
  readonly seen: string[] = [];
  /** Requests without the token. */
  wrong = 0;
  refusesLogin = false;
  isSound = true;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, reply) => this.#answer(request, reply));
  }

  static async start(): Promise<TokenServer> {
    const started = new TokenServer();
    await once(started.#server.listen(0, '127.0.0.1'), 'listening');
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  #answer({ method = '', url = '', headers }: IncomingMessage, reply: ServerResponse): void {
    const answer = (status: number, body: object): void =>
      void reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url === '/health') return answer(200, { status: 'ok', database: { ok: true }, cache: { ok: true } });
    this.seen.push(`${method} ${url}`);
    if (url === '/login') return answer(this.refusesLogin ? 401 : 200, { token: TokenServer.SECRET });
    if (headers.authorization !== `Bearer ${TokenServer.SECRET}`) {
      this.wrong += 1;
      return answer(403, {});
    }
    return answer(200, { holds: this.isSound });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
