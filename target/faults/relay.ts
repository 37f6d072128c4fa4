import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP relay on a loopback port of its own, which can be cut as a network can. */
export interface Relay {
  readonly port: number;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Accepts connections again, on the same port. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** Relays to `url`'s host and port. */
export async function openRelay(url: string): Promise<Relay> {
  const { hostname: host, port: towards } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host, port: Number(towards) });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => void (sockets.delete(one), other.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port, cut, close: cut, mend: async () => void (server.listening || (await listen(server, port))) };
}

async function listen(server: Server, port: number): Promise<void> {
  const listening = once(server, 'listening');
  // Its own also in a worker of a cluster, whose servers share their ports otherwise.
  server.listen({ port, host: '127.0.0.1', exclusive: true });
  await listening;
}
