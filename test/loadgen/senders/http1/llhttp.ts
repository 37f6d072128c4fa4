import { createRequire } from 'node:module';

/** What llhttp, the parser of Node and undici, makes of a stream: its first final reply, or nothing where it refuses it. */
export interface Reading {
  readonly status: number;
  readonly body: string;
}

interface Llhttp {
  initialize(type: number, resource: object, maxHeaderSize: number, flags: number): void;
  execute(bytes: Buffer): number | Error;
  finish(): number | Error | undefined;
  [callback: number]: (...args: never[]) => unknown;
}

interface LlhttpClass {
  new (): Llhttp;
  readonly RESPONSE: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
}

/** Node keeps its parser behind an undocumented module; as an oracle in a test that is good enough. */
const { HTTPParser } = createRequire(import.meta.url)('node:_http_common') as { HTTPParser: LlhttpClass };

/** Reads the whole stream and its end. `head`: the request was HEAD. */
export function llhttp(stream: Buffer, head: boolean): Reading | undefined {
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.RESPONSE, {}, 0, 0);
  let status = 0;
  let body = '';
  let first: Reading | undefined;
  parser[HTTPParser.kOnHeadersComplete] = (...args: unknown[]): number => {
    status = Number(args[5]);
    return head && status >= 200 ? 1 : 0;
  };
  parser[HTTPParser.kOnBody] = (bytes: Buffer) => (body += bytes.toString('latin1'));
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (status >= 200) first ??= { status, body };
    body = '';
  };
  const result = parser.execute(stream);
  if (!(result instanceof Error)) parser.finish();
  return first;
}
