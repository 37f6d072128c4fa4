import { isIP } from 'node:net';
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import type { TlsOptions } from './sender.ts';

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
  checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate),
});
