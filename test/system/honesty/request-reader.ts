/** A request's head and body as they came. */
export interface ReadRequest {
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Cuts a connection's bytes into requests: heads, and bodies by their content-length, which is all that is ever sent. */
export class RequestReader {
  #bytes = Buffer.alloc(0);
  #skip = 0;
  readonly #beforeBody: boolean;

  /** `beforeBody`: a request counts as read when its head is; its body is passed over. */
  constructor(beforeBody: boolean) {
    this.#beforeBody = beforeBody;
  }

  /** The requests that `bytes` complete. */
  read(bytes: Buffer): ReadRequest[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const requests: ReadRequest[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) requests.push(next);
    return requests;
  }

  #next(): ReadRequest | undefined {
    const skipped = Math.min(this.#skip, this.#bytes.length);
    this.#skip -= skipped;
    this.#bytes = this.#bytes.subarray(skipped);
    const headEnd = this.#bytes.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const [requestLine = '', ...lines] = this.#bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
    const headers = new Map(lines.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', valueOf(line)]));
    const length = Number(headers.get('content-length') ?? 0);
    const bodyAt = headEnd + 4;
    if (this.#beforeBody) this.#skip = length;
    else if (this.#bytes.length < bodyAt + length) return undefined;
    const bodyEnd = this.#beforeBody ? bodyAt : bodyAt + length;
    const body = this.#bytes.subarray(bodyAt, bodyEnd).toString('utf8');
    this.#bytes = this.#bytes.subarray(bodyEnd);
    return { path: requestLine.split(' ')[1] ?? '', headers, body };
  }
}

const valueOf = (line: string): string => line.slice(line.indexOf(':') + 1).trim();
