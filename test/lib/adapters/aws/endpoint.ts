import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { clientDefaults } from '../../../../lib/adapters/aws/client-defaults.ts';

/** One request, as far as it is looked at here. */
export interface Asked {
  /** As its API calls it, such as `ListTasks`. */
  readonly operation: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  readonly url: string;
}

export type Answer = (reply: ServerResponse, asked: Asked) => void;

/** So long a hurried client waits for a silent endpoint. */
export const PATIENCE_MS = 300;

/** An endpoint of AWS on loopback that answers as it is told. */
export class Endpoint {
  readonly asked: Asked[] = [];
  readonly #server: Server;

  private constructor(answer: Answer) {
    this.#server = createServer((request, reply) => {
      const heard = async (): Promise<void> => {
        const asked = await askedBy(request);
        this.asked.push(asked);
        answer(reply, asked);
      };
      heard().catch((error: unknown) => reply.destroy(error instanceof Error ? error : undefined));
    });
  }

  static async open(answer: Answer): Promise<Endpoint> {
    const endpoint = new Endpoint(answer);
    await once(endpoint.#server.listen(0, '127.0.0.1'), 'listening');
    return endpoint;
  }

  /** What a client needs to ask here with the defaults of every client. */
  get config() {
    return {
      ...clientDefaults,
      endpoint: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
      forcePathStyle: true,
    };
  }

  /** The same for one that does not wait long. */
  get hurried() {
    const requestHandler = {
      ...clientDefaults.requestHandler,
      requestTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
    };
    return { ...this.config, requestHandler };
  }

  times(operation: string): number {
    return this.asked.filter((each) => each.operation === operation).length;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

async function askedBy(request: IncomingMessage): Promise<Asked> {
  const body = await text(request);
  const { headers, url = '' } = request;
  return { operation: operationOf(request, body), body, headers, url };
}

/** JSON names the operation in a header, the query protocol in its form; S3 by method and address. */
function operationOf({ headers, method, url = '' }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? '';
  if (method === 'POST') return new URLSearchParams(body).get('Action') ?? '';
  if (method === 'GET') return url.includes('list-type=2') ? 'ListObjectsV2' : 'GetObject';
  return 'PutObject';
}

/** How a service writes: S3's XML, JSON, JSON with the older code in a header (CloudWatch), or the query protocol's XML. */
export type Wire = 's3' | 'json' | 'json-query' | 'query';

/** Refuses as the service does, by the shapes that AWS documents for its protocols. */
export const refuse =
  (wire: Wire, status: number, code: string, message = `${code} it is`): Answer =>
  (reply) => {
    const json = wire.startsWith('json');
    reply.setHeader('content-type', json ? 'application/x-amz-json-1.1' : 'application/xml');
    if (wire === 'json-query') reply.setHeader('x-amzn-query-error', `${code};Sender`);
    reply.writeHead(status).end(json ? jsonError(code, message) : xmlError(wire, code, message));
  };

const jsonError = (code: string, message: string): string =>
  JSON.stringify({ __type: `com.amazonaws.service.v1#${code}`, message });

function xmlError(wire: Wire, code: string, message: string): string {
  const told = `<Code>${code}</Code><Message>${message}</Message>`;
  return wire === 's3'
    ? `<?xml version="1.0" encoding="UTF-8"?><Error>${told}<RequestId>1</RequestId></Error>`
    : `<ErrorResponse><Error><Type>Sender</Type>${told}</Error><RequestId>1</RequestId></ErrorResponse>`;
}

/** Says how much there is, gives half of it, and hangs up. */
export const cut =
  (body: string): Answer =>
  (reply) => {
    reply.writeHead(200, { 'content-length': String(2 * body.length + 2), etag: '"1"' });
    reply.write(`${body} `, () => reply.destroy());
  };
