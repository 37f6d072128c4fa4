import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { messageOf } from '../../../errors.ts';
import type { Destination } from '../../../outputs/output.ts';
import type { Transport } from './transport.ts';

/** Each message is a datagram. What is lost on the way is lost unseen, but that no one listens on this machine is seen. */
export async function udpTransport({ host, port }: Extract<Destination, { by: 'udp' }>): Promise<Transport> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  socket.unref();
  // An answer that the port is closed comes some time after the datagram.
  let closed: string | undefined;
  socket.on('error', (error) => (closed = error.message));
  socket.connect(port, host);
  await once(socket, 'connect').catch((error: unknown) => (closed = messageOf(error)));
  const send = async (message: Uint8Array | string): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.send(message, (error) => (error === null ? resolve() : reject(error)));
    await promise;
  };
  return {
    send: async (messages) => {
      const failed = closed;
      closed = undefined;
      try {
        for (const message of messages) await send(message);
      } catch (error) {
        return { refused: messageOf(error) };
      }
      return failed === undefined ? 'delivered' : { refused: failed };
    },
    close: async () => {
      socket.close();
      return undefined;
    },
  };
}
