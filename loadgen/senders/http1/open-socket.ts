import { connect as connectTcp, type OnReadOpts, type Socket } from 'node:net';
import type { ConnectOptions, Outgoing, Proxy } from '../sender.ts';
import { OpeningWatch } from '../opening.ts';
import { hostNameOf, identifiedAs, nodeTls, trustOf } from '../tls.ts';
import { Tunnel } from './tunnel.ts';

/** Every plain connection of a thread reads into this one: what was read is parsed before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

export interface Opened {
  readonly socket: Socket;
  readonly opening: OpeningWatch;
}

export type OpenSocket = (to: Outgoing, read: (bytes: Buffer, length: number) => void) => Opened;

/** Opens sockets that read into the shared buffer; TLS sockets decrypt into buffers of their own. */
export function opener({ tls, sourceAddresses, proxy }: ConnectOptions): OpenSocket {
  const secure = { ...trustOf(tls), ALPNProtocols: ['http/1.1'] };
  let opened = 0;
  return ({ origin, serverName }, read) => {
    const to = placeOf(origin);
    const isSecure = origin.startsWith('https:');
    const localAddress = sourceAddresses[opened++ % sourceAddresses.length];
    const where = {
      ...(proxy === undefined ? to : placeOf(proxy.url)),
      ...(localAddress !== undefined && { localAddress }),
    };
    const opening = new OpeningWatch(where.host, isSecure);
    if (isSecure) {
      const tunnel = proxy && tunnelTo(origin, proxy, connectTcp(where));
      const path = tunnel === undefined ? where : { socket: tunnel };
      const socket = nodeTls().connect({ ...path, ...secure, ...identifiedAs(serverName ?? to.host) });
      opening.watch(tunnel?.socket ?? socket, socket);
      socket.on('data', (bytes: Buffer) => read(bytes, bytes.length));
      return { socket, opening };
    }
    const onread: OnReadOpts = { buffer: READ_BUFFER, callback: (length, bytes) => readAll(read, length, bytes) };
    const socket = connectTcp({ ...where, onread });
    opening.watch(socket);
    return { socket, opening };
  };
}

function placeOf(origin: string): { host: string; port: number } {
  const { protocol, port } = new URL(origin);
  return { host: hostNameOf(origin), port: Number(port) || PORTS[protocol] || 80 };
}

function tunnelTo(origin: string, proxy: Proxy, socket: Socket): Tunnel {
  const { hostname, port } = new URL(origin);
  return new Tunnel(socket, `${hostname}:${port === '' ? 443 : port}`, proxyLines(proxy));
}

/** Who asks, for a proxy that wants to know (RFC 7617). */
export function proxyLines({ credentialsFrom }: Proxy): string {
  if (credentialsFrom === undefined) return '';
  const credentials = Buffer.from(process.env[credentialsFrom] ?? '').toString('base64');
  return `proxy-authorization: Basic ${credentials}\r\n`;
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** True, so that Node goes on reading. */
function readAll(read: (bytes: Buffer, length: number) => void, length: number, bytes: Uint8Array): boolean {
  read(bytes as Buffer, length);
  return true;
}
