import { connect as connectTcp, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectOptions, Outgoing, Proxy } from '../sender.ts';
import { identifiedAs, trustOf } from '../tls.ts';
import { Tunnel } from './tunnel.ts';

/** Every plain connection of a thread reads into this one: what was read is parsed before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

export type OpenSocket = (to: Outgoing, read: (bytes: Buffer, length: number) => void) => Socket;

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
    if (isSecure) {
      const path = proxy === undefined ? where : { socket: tunnelTo(origin, proxy, connectTcp(where)) };
      const socket = connectTls({ ...path, ...secure, ...identifiedAs(serverName ?? to.host) });
      return socket.on('data', (bytes: Buffer) => read(bytes, bytes.length));
    }
    const onread: OnReadOpts = { buffer: READ_BUFFER, callback: (length, bytes) => readAll(read, length, bytes) };
    return connectTcp({ ...where, onread });
  };
}

function placeOf(origin: string): { host: string; port: number } {
  const { protocol, hostname, port } = new URL(origin);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || PORTS[protocol] || 80 };
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
