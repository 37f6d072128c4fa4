import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it must be: its line, its headers in any order, and every byte of its body. */
interface Wanted {
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly reply: Answer;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const NOTHING = Buffer.alloc(0);

/** Every byte there is, line ends, and what looks like a boundary. */
export const PHOTO = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from('\r\n--plimsoll-\r\n--\r\n'),
  Buffer.alloc(3000, Buffer.from([0x0d, 0x0a, 0x2d, 0x2d, 0xff])),
]);

export const PASSWORD = 'p ä"s\\s&=+';
/** Beyond what a double holds. */
const BIG = 9_007_199_254_740_993n;

/**
 * A service that knows what each of its users must send next, and keeps what differs by a byte in `wrong`. Users say who they are by
 * `x-user`; each has documents of its own, of every third the token has expired, and the pages of a list are by number.
 */
export class RestServer {
  readonly wrong: string[] = [];
  read = 0;
  readonly #courses = new Map<string, Generator<Wanted>>();
  readonly #next = new Map<string, Wanted | undefined>();
  /** Connections stay open: on a busy machine one that is closed for idleness may meet a request. */
  readonly #server = createServer({ keepAliveTimeout: 600_000 }, (request, reply) => {
    void this.#answer(request).then(({ status, headers = {}, body = '' }) =>
      reply.writeHead(status, headers).end(body),
    );
  });

  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://${this.#host}`;
  }

  /** Users whose course is not at its end. */
  get unfinished(): number {
    return [...this.#next.values()].filter((wanted) => wanted !== undefined).length;
  }

  get users(): number {
    return this.#next.size;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get #host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const body = await buffer(request);
    this.read += 1;
    const user = String(request.headers['x-user'] ?? 'setup');
    const course = this.#courses.get(user) ?? (user === 'setup' ? this.#setup() : this.#courseOf(user));
    if (!this.#courses.has(user)) this.#next.set(user, course.next().value);
    this.#courses.set(user, course);
    const wanted = this.#next.get(user);
    this.#next.set(user, course.next().value);
    const got = described(`${request.method} ${request.url}`, request.rawHeaders, body);
    const meant = wanted === undefined ? 'nothing' : this.#described(wanted);
    if (got === meant) return wanted?.reply ?? { status: 500 };
    this.wrong.push(`user ${user}\ngot ${got}\nwanted ${meant}`);
    return { status: 500 };
  }

  #described({ line, headers, body }: Wanted): string {
    const all = { host: this.#host, connection: undefined, 'user-agent': 'plimsoll', ...headers };
    const pairs = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
    return described(line, pairs, body);
  }

  *#setup(): Generator<Wanted> {
    const body = Buffer.from(JSON.stringify({ user: 'ada', password: PASSWORD }));
    const reply = json(200, '{"token":"T0/+=","refresh":"R ü"}');
    yield { line: 'POST /login', headers: sized(body, 'application/json'), body, reply };
  }

  *#courseOf(user: string): Generator<Wanted> {
    const number = Number(user);
    const name = NAMES[number % NAMES.length] ?? '';
    const pages = (number % 4) + 1;
    let token = 'T0/+=';
    const own = () => ({ authorization: `Bearer ${token}`, 'x-user': user });
    const list = () => ({
      line: `GET /jobs?limit=2&q=${encodeURIComponent(`C# & ${name}`)}`,
      headers: own(),
      body: NOTHING,
    });
    if (number % 3 === 0) {
      yield { ...list(), reply: { status: 401 } };
      const body = Buffer.from('{"refresh":"R ü"}');
      token = `T${number}`;
      yield {
        line: 'POST /refresh',
        headers: { ...sized(body, 'application/json'), 'x-user': user },
        body,
        reply: json(200, JSON.stringify({ token })),
      };
    }
    yield { ...list(), reply: pageOf(number, 1, pages) };
    for (let page = 2; page <= pages; page += 1)
      yield {
        line: `GET /jobs?cursor=${number}%2F${page}`,
        headers: own(),
        body: NOTHING,
        reply: pageOf(number, page, pages),
      };
    const id = String(BIG + BigInt(number * 100 + pages));
    const boundary = 'BOUNDARY';
    const form = Buffer.concat([
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="job"\r\n\r\n${id}\r\n`),
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="photo"; filename="${fileName(name)}"\r\ncontent-type: image/png\r\n\r\n`,
      ),
      PHOTO,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    const digest = createHash('sha256').update(PHOTO).digest('hex');
    const location = `/files/${id}/a%20b`;
    yield {
      line: 'POST /files',
      headers: { ...own(), ...sized(form, `multipart/form-data; boundary=${boundary}`) },
      body: form,
      reply: { ...json(201, JSON.stringify({ digest })), headers: { location } },
    };
    yield {
      line: `PUT ${location}`,
      headers: { ...own(), ...sized(PHOTO, 'application/octet-stream') },
      body: PHOTO,
      reply: { status: 204 },
    };
    yield { line: `GET ${location}`, headers: own(), body: NOTHING, reply: json(200, `{"id":${id}}`) };
    yield { line: `DELETE /files/${id}`, headers: own(), body: NOTHING, reply: { status: 204 } };
    yield { line: `GET ${location}`, headers: own(), body: NOTHING, reply: { status: 404 } };
  }
}

/** What a feeder gives its users, by their number. */
export const NAMES = ['Ann', 'Zoë', 'a/b?c', '名 "x"', "O'Hara, 100%"];

/** As browsers write it in a form. */
const fileName = (name: string): string => `${name.replaceAll('"', '%22')}.png`;

const json = (status: number, body: string): Answer => ({ status, body });

const sized = (body: Buffer, type: string) => ({ 'content-type': type, 'content-length': String(body.length) });

/** The list's last page says that there is none after it. */
function pageOf(user: number, page: number, pages: number): Answer {
  const items = `[{"id":1},{"id":${BIG + BigInt(user * 100 + page)}}]`;
  const next = page === pages ? 'null' : JSON.stringify(`/jobs?cursor=${user}%2F${page + 1}`);
  return json(200, `{"items":${items},"next":${next}}`);
}

/** One text for all of it; a form's boundary is the sender's to choose. */
function described(line: string, rawHeaders: readonly string[], body: Buffer): string {
  const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : []));
  const boundary = /boundary=(.*)/.exec(pairs.find((pair) => pair.startsWith('content-type: multipart')) ?? '')?.[1];
  const text = [line, ...pairs.toSorted(), body.toString('latin1')].join('\n');
  if (boundary === undefined) return text;
  const chosen = text.replaceAll(boundary, 'BOUNDARY');
  return chosen.replace(
    /content-length: \d+/,
    (length) => `content-length: ${Number(length.slice(16)) - 3 * (boundary.length - 'BOUNDARY'.length)}`,
  );
}
