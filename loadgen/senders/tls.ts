import { isIP } from 'node:net';
import type * as Tls from 'node:tls';
import type { ConnectionOptions, PeerCertificate } from 'node:tls';
import type { TlsOptions } from './sender.ts';

/** Node's TLS, when a target first needs it: loading takes 20 ms of CPU and 7 MB in each thread. */
export const nodeTls = (): typeof Tls => process.getBuiltinModule('node:tls');

/** What every TLS connection of a plan has in common. */
export const trustOf = ({
  insecure,
  ca,
  client,
}: TlsOptions): Pick<ConnectionOptions, 'rejectUnauthorized' | 'ca' | 'cert' | 'key'> => ({
  rejectUnauthorized: !insecure,
  ...(ca !== undefined && { ca }),
  ...(client !== undefined && { cert: client.cert, key: process.env[client.keyFrom] }),
});

/** Of an origin, without the brackets of an address. */
export const hostNameOf = (origin: string): string => new URL(origin).hostname.replace(/^\[|\]$/g, '');

/** One rule for every sender: SNI and the certificate go by this name. An address is no SNI (RFC 6066 §3). */
export const identifiedAs = (name: string): Pick<ConnectionOptions, 'servername' | 'checkServerIdentity'> => ({
  ...(isIP(name) === 0 && { servername: name }),
  checkServerIdentity: (_: string, certificate: PeerCertificate) => nodeTls().checkServerIdentity(name, certificate),
});
