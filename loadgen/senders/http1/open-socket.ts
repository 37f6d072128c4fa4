import { connect as connectTcp, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectOptions, Outgoing } from '../sender.ts';
import { hostOf, identifiedAs, trustOf } from '../tls.ts';

/** Every plain connection of a thread reads into this one: what was read is parsed before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

export type OpenSocket = (to: Outgoing, read: (bytes: Buffer, length: number) => void) => Socket;

/** Opens sockets that read into the shared buffer; TLS sockets decrypt into buffers of their own. */
export function opener({ tls, sourceAddresses }: ConnectOptions): OpenSocket {
  const secure = { ...trustOf(tls), ALPNProtocols: ['http/1.1'] };
  let opened = 0;
  return ({ origin, serverName }, read) => {
    const { protocol, port } = new URL(origin);
    const host = hostOf(origin);
    const localAddress = sourceAddresses[opened++ % sourceAddresses.length];
    const where = {
      host,
      port: Number(port) || PORTS[protocol] || 80,
      ...(localAddress !== undefined && { localAddress }),
    };
    if (protocol === 'https:') {
      const socket = connectTls({ ...where, ...secure, ...identifiedAs(serverName ?? host) });
      return socket.on('data', (bytes: Buffer) => read(bytes, bytes.length));
    }
    const onread: OnReadOpts = { buffer: READ_BUFFER, callback: (length, bytes) => readAll(read, length, bytes) };
    return connectTcp({ ...where, onread });
  };
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** True, so that Node goes on reading. */
function readAll(read: (bytes: Buffer, length: number) => void, length: number, bytes: Uint8Array): boolean {
  read(bytes as Buffer, length);
  return true;
}
