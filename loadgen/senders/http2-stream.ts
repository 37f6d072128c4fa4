import { subscribe } from 'node:diagnostics_channel';
import { constants, type ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { codeOf, messageOf } from '../../lib/errors.ts';
import type { FailureKind } from '../../lib/measure/failures.ts';
import type { Settlement } from './sender.ts';

type Failed = Extract<Settlement, { failure: unknown }>;

/** Takes the stream of a request that has just begun, which undici opens in the same turn and shows to no handler. */
let onOpened: ((stream: ClientHttp2Stream) => void) | undefined;

subscribe('http2.client.stream.created', (message) => {
  onOpened?.((message as { readonly stream: ClientHttp2Stream }).stream);
  onOpened = undefined;
});

/** What Node answers a GOAWAY with: one of its own, without debug data (RFC 9113 §6.8). */
const GOAWAY_BYTES = 17;

/** As Node words it. */
const closedWith = (name: string): string => `Stream closed with error code NGHTTP2_${name}`;

/**
 * The stream of HTTP/2 that carries a request. undici sends a request again that the server says it has not taken (RFC 9113 §8.7), of which the
 * ledger would know nothing, and takes a stream for whole that was reset without an error.
 */
export class RequestStream {
  #stream: ClientHttp2Stream | undefined;
  #ended = false;
  #over: Socket | undefined;
  #writtenBefore = 0;

  /** The request begins on `socket`. undefined: and may; else it has been sent before, and that is how it ended. `parting` is what the connection before ended with. */
  begin(socket: Socket | undefined, parting: string | undefined): Failed | undefined {
    if (this.#stream !== undefined && socket === this.#over)
      return { failure: 'reset', detail: closedWith('REFUSED_STREAM') };
    if (this.#wasWritten()) return { failure: 'closed', ...(parting !== undefined && { detail: parting }) };
    [this.#over, this.#writtenBefore] = [socket, socket?.bytesWritten ?? 0];
    onOpened = (stream) => this.#opened(stream);
    return undefined;
  }

  /** One that a GOAWAY has forestalled was not, and goes over the next connection for the first time. */
  #wasWritten(): boolean {
    const written = (this.#over?.bytesWritten ?? 0) - this.#writtenBefore;
    return this.#stream !== undefined && written > GOAWAY_BYTES;
  }

  #opened(stream: ClientHttp2Stream): void {
    this.#stream = stream;
    const push = stream.push.bind(stream);
    // The end that the server has sent comes before the stream is closed, any other one after.
    stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
      if (chunk === null && !stream.closed) this.#ended = true;
      return push(chunk, encoding);
    };
  }

  /** How a reply ended that seems to be whole, where the server has not ended it (§8.1). */
  brokenOff(): Failed | undefined {
    if (this.#stream === undefined || this.#ended) return undefined;
    const isCancelled = this.#stream.rstCode === constants.NGHTTP2_CANCEL;
    return { failure: 'truncated', detail: closedWith(isCancelled ? 'CANCEL' : 'NO_ERROR') };
  }
}

/** undici's words for a stream that was closed without a reply, and without an error. */
const WITHOUT_REPLY = 'HTTP/2: stream ';

/** Whether an error is of one stream, and leaves the connection as it was (RFC 9113 §5.4.2). */
export const isOfStream = (error: unknown): boolean =>
  codeOf(error) === 'ERR_HTTP2_STREAM_ERROR' || messageOf(error).startsWith(WITHOUT_REPLY);

/** RFC 9113 §7: with these codes one side says that the other breaks the protocol, with any other that it stops. */
const BREAKS_PROTOCOL = /(?:PROTOCOL|FLOW_CONTROL|FRAME_SIZE|COMPRESSION)_ERROR$|error code [1369]$/;

/** Node's codes for what HTTP/2 has no room for, such as headers of a connection (RFC 9113 §8.2.2). */
const UNSENDABLE =
  /^ERR_(?:HTTP2_(?:INVALID_(?:CONNECTION_HEADERS|HEADER_VALUE|PSEUDOHEADER)|HEADER_SINGLE_VALUE)|INVALID_(?:HTTP_TOKEN|CHAR))$/;

/** As undici words it: headers so long that Node makes no frame of them, of which nothing is sent. */
const NO_FRAME = 'HTTP/2: "frameError" received - type 1,';

/** Whether nothing was sent since nothing could be; undici has Node's error as the cause of its own. */
const isUnsendable = (error: unknown): boolean =>
  messageOf(error).startsWith(NO_FRAME) || (error instanceof Error && UNSENDABLE.test(codeOf(error.cause)));

/** The kind of a failure that HTTP/1.1 does not know. */
export function http2FailureOf(error: unknown, statusSeen: boolean): FailureKind | undefined {
  if (isUnsendable(error)) return 'request';
  const isOfSession = codeOf(error) === 'ERR_HTTP2_SESSION_ERROR';
  if (!isOfSession && !isOfStream(error)) return undefined;
  if (BREAKS_PROTOCOL.test(messageOf(error))) return 'protocol';
  if (!isOfSession) return 'reset';
  return statusSeen ? 'truncated' : 'closed';
}
