import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the pipelines ask of GitHub and GitLab, as their references describe it: comments of a pull request, and a file of a job's artifacts. */
export class CodeHost {
  readonly comments: { id: number; body: string }[] = [{ id: 1, body: 'somebody else' }];
  /** Every change of a comment: `POST` or `PATCH`, with its token. */
  readonly changes: string[] = [];
  artifact: Buffer | undefined;
  mayWrite = true;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, reply) => {
      void this.#answer(request.method ?? '', request.url ?? '', request).then(([status, body]) =>
        reply.writeHead(status).end(body),
      );
    });
  }

  static async listen(): Promise<CodeHost> {
    const host = new CodeHost();
    host.#server.listen(0, '127.0.0.1');
    await once(host.#server, 'listening');
    return host;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(method: string, url: string, request: IncomingMessage): Promise<[number, string | Buffer]> {
    const { pathname } = new URL(url, this.url);
    if (pathname.endsWith('/jobs/artifacts/main/raw/baseline.tar.gz'))
      return this.artifact === undefined ? [404, ''] : [200, this.artifact];
    if (method === 'GET' && pathname === '/repos/team/shop/issues/7/comments')
      return [200, JSON.stringify(this.comments)];
    if (!this.mayWrite) return [403, '{}'];
    const { body } = JSON.parse(await text(request)) as { body: string };
    this.changes.push(`${method} ${request.headers.authorization}`);
    if (method === 'POST' && pathname === '/repos/team/shop/issues/7/comments') {
      this.comments.push({ id: this.comments.length + 1, body });
      return [201, '{}'];
    }
    const comment = this.comments.find(({ id }) => pathname === `/repos/team/shop/issues/comments/${id}`);
    if (method !== 'PATCH' || comment === undefined) return [404, '{}'];
    comment.body = body;
    return [200, '{}'];
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
