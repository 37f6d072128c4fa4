import { createServer, type Server, type Socket } from 'node:net';
import type { ServerStats, Session } from './command.ts';
import { execute } from './commands.ts';
import { encode, ProtocolError, RequestParser } from './resp.ts';
import type { Store } from './store.ts';

const sweepEveryMs = 100;
const mostClients = 1_000;

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

/** Answers what arrives in one piece with one write, and reads no further while the client does not take its replies. */
function serve(socket: Socket, store: Store, stats: ServerStats): void {
  const parser = new RequestParser();
  // A client that goes away is no event worth a word.
  socket.on('error', () => socket.destroy());
  socket.on('drain', () => socket.resume());
  socket.on('data', (chunk) => {
    const session: Session = { store, stats, nowMs: Date.now(), closing: false };
    const replies = repliesTo(parser, chunk, session);
    const taken = replies.length === 0 || socket.write(Buffer.concat(replies));
    if (session.closing) socket.destroySoon();
    else if (!taken) socket.pause();
  });
}

function repliesTo(parser: RequestParser, chunk: Buffer, session: Session): Buffer[] {
  const replies: Buffer[] = [];
  try {
    for (const request of parser.push(chunk)) {
      encode(execute(request, session), replies);
      if (session.closing) break;
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    encode({ error: `ERR Protocol error: ${error.message}` }, replies);
    session.closing = true;
  }
  return replies;
}
