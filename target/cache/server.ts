import { createServer, type Server, type Socket } from 'node:net';
import type { ServerStats, Session } from './command.ts';
import { execute } from './commands.ts';
import { encode, ProtocolError, type Request, RequestParser } from './resp.ts';
import type { Store } from './store.ts';

const sweepEveryMs = 100;
const mostClients = 1_000;
const batchBytes = 256 * 1024;

/** A RESP2 server over one store; not yet listening. Closing it stops its sweeping, too. */
export function createCacheServer(store: Store): Server {
  const stats: ServerStats = { startedAtMs: Date.now(), connectedClients: 0, commandsProcessed: 0 };
  const server = createServer({ noDelay: true }, (socket) => {
    stats.connectedClients += 1;
    socket.once('close', () => (stats.connectedClients -= 1));
    serve(socket, store, stats);
  });
  server.maxConnections = mostClients;
  const sweeping = setInterval(() => store.sweep(Date.now()), sweepEveryMs);
  server.once('close', () => clearInterval(sweeping));
  return server;
}

/**
 * Answers what arrives in one piece with one write, up to `batchBytes` of replies; while the client does not take those, no
 * further request is run or read: a few bytes of requests may ask for gigabytes of replies.
 */
function serve(socket: Socket, store: Store, stats: ServerStats): void {
  const parser = new RequestParser();
  let requests: Iterator<Request, void> | undefined;
  const work = (): void => {
    while (requests !== undefined) {
      const { replies, end } = nextBatch(requests, { store, stats, nowMs: Date.now(), closing: false });
      const taken = replies.length === 0 || socket.write(Buffer.concat(replies));
      if (end === 'close') {
        socket.destroySoon();
        return;
      }
      if (end === 'read on') requests = undefined;
      if (!taken) return void socket.pause();
    }
    socket.resume();
  };
  // A client that goes away is no event worth a word.
  socket.on('error', () => socket.destroy());
  socket.on('drain', work);
  socket.on('data', (chunk) => {
    requests = parser.push(chunk);
    work();
  });
}

interface Batch {
  readonly replies: Buffer[];
  /** Why it ends: all requests are done; its replies are large enough; the connection is to be closed. */
  readonly end: 'read on' | 'more' | 'close';
}

function nextBatch(requests: Iterator<Request, void>, session: Session): Batch {
  const replies: Buffer[] = [];
  try {
    for (let bytes = 0; bytes < batchBytes;) {
      const next = requests.next();
      if (next.done === true) return { replies, end: 'read on' };
      const before = replies.length;
      encode(execute(next.value, session), replies);
      for (const reply of replies.slice(before)) bytes += reply.length;
      if (session.closing) return { replies, end: 'close' };
    }
    return { replies, end: 'more' };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    encode({ error: `ERR Protocol error: ${error.message}` }, replies);
    return { replies, end: 'close' };
  }
}
