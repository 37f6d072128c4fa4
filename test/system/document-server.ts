import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** So many journeys may begin with a token; the next one has to log in again. */
const JOURNEYS_A_TOKEN = 5;

/** Two pages after the first: a path, and a whole URL. */
const PAGES = 3;

export const PHOTO = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 7) % 256));

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Reply {
  readonly status: number;
  readonly json?: unknown;
  /** What the journey may send after it. */
  readonly next: readonly string[];
}

/**
 * A service of documents that asks for a login, and checks each request: by its bytes, and by whether its journey may send it after
 * what it sent before.
 */
export class DocumentServer {
  readonly wrong: string[] = [];
  requests = 0;
  readonly #server: Server;
  readonly #tokens = new Map<string, number>();
  readonly #documents = new Set<string>();
  /** What each journey may send next. */
  readonly #journeys = new Map<string, readonly string[]>();

  private constructor() {
    this.#server = createServer((request, reply) => void this.#serve(request, reply));
  }

  static async listen(): Promise<DocumentServer> {
    const server = new DocumentServer();
    await once(server.#server.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { status, json } = await this.#read(request);
    reply.writeHead(status, { 'content-type': 'application/json' });
    reply.end(json === undefined ? undefined : JSON.stringify(json));
  }

  async #read(message: IncomingMessage): Promise<Reply> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = message;
    this.requests += 1;
    const request = { method, path, headers, body: Buffer.concat(chunks) };
    const journey = String(headers['x-journey'] ?? 'none');
    const allowed = this.#journeys.get(journey) ?? (journey === 'once' ? ['POST /login'] : ['GET /me']);
    const line = `${method} ${path}`;
    const reply = allowed.includes(line)
      ? this.#answer(line, request)
      : this.#refuse(line, `after it ${String(allowed)}`);
    if (reply.status === 204 && reply.next.length === 0) this.#journeys.delete(journey);
    else this.#journeys.set(journey, reply.next);
    return reply;
  }

  #refuse(line: string, why: string): Reply {
    this.wrong.push(`${line}: ${why}`);
    return { status: 418, next: [] };
  }

  #answer(line: string, request: Request): Reply {
    if (line === 'POST /login') return this.#login(request);
    const token = /^Bearer (t\d+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const uses = this.#tokens.get(token);
    if (uses === undefined) return this.#refuse(line, `the token ${request.headers.authorization}`);
    if (line === 'POST /logout') return { status: 204, next: [] };
    if (line === 'GET /me') {
      this.#tokens.set(token, uses + 1);
      if (uses >= JOURNEYS_A_TOKEN) return { status: 401, next: ['POST /login'] };
      return { status: 200, json: {}, next: ['GET /documents?limit=2'] };
    }
    if (line.startsWith('GET /documents')) return this.#page(request.path);
    if (line === 'POST /documents') return this.#upload(line, request);
    return this.#delete(line, request.path);
  }

  #login({ body, headers }: Request): Reply {
    if (body.toString() !== '{"user":"ann","password":"s3cret"}') return this.#refuse('POST /login', body.toString());
    const token = `t${this.#tokens.size}`;
    this.#tokens.set(token, 0);
    const next = headers['x-journey'] === 'once' ? ['POST /logout'] : ['GET /documents?limit=2'];
    return { status: 200, json: { token }, next };
  }

  #page(path: string): Reply {
    const page = Number(new URL(path, this.url).searchParams.get('page') ?? 1);
    if (page === PAGES) return { status: 200, json: { next: null }, next: ['POST /documents'] };
    const next = `/documents?page=${page + 1}&after=${encodeURIComponent('a b/ü')}`;
    return { status: 200, json: { next: page === 1 ? next : this.url + next }, next: [`GET ${next}`] };
  }

  #upload(line: string, { headers, body }: Request): Reply {
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
    const parts = body.toString('latin1').split(`--${boundary}`);
    const photo = parts.find((part) => part.includes('name="photo"; filename="photo.png"')) ?? '';
    if (parts.length !== 4 || !photo.endsWith(`\r\n\r\n${PHOTO.toString('latin1')}\r\n`))
      return this.#refuse(line, 'its bytes');
    const ids = [0, 1].map((i) => `${this.requests}/${i}`);
    for (const id of ids) this.#documents.add(id);
    return { status: 201, json: { ids }, next: [`DELETE ${pathOf(ids[0] ?? '')}`] };
  }

  #delete(line: string, path: string): Reply {
    const id = decodeURIComponent(path.slice('/documents/'.length));
    if (!this.#documents.delete(id)) return this.#refuse(line, 'there is no such document');
    return { status: 204, next: id.endsWith('0') ? [`DELETE ${pathOf(id.replace(/0$/, '1'))}`] : [] };
  }
}

const pathOf = (id: string): string => `/documents/${encodeURIComponent(id)}`;
