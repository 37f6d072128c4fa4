import type { Socket } from 'node:net';
import type { Behaviour } from '../behaviour.ts';
import { selfSigned } from '../certificates.ts';
import { endsAfter, GONE, GOOD, head, OK, resetsAfter } from '../replies.ts';

const HERE = { host: 'localhost', address: [127, 0, 0, 1], fromDays: -1, untilDays: 1 };
const sound = selfSigned(HERE);
const elsewhere = selfSigned({ host: 'elsewhere.test', fromDays: -1, untilDays: 1 });
const expired = selfSigned({ ...HERE, fromDays: -3, untilDays: -2 });
const early = selfSigned({ ...HERE, fromDays: 2, untilDays: 3 });

const trusts = ({ cert }: { cert: string }) => ({ pem: cert });

/** Meets the first bytes of a handshake on a plain socket. */
const handshake =
  (meet: (socket: Socket) => void) =>
  (socket: Socket): boolean => {
    socket.once('data', () => meet(socket));
    return true;
  };

const https = { scheme: 'https' } as const;

/** Certificates that do not convince, handshakes that do not come about, and bodies cut under a sound one. */
export const tls: readonly Behaviour[] = [
  { name: 'TLS, sound', listen: { tls: sound }, tls: trusts(sound), honest: 'ok', everywhere: true },
  {
    name: 'TLS, unknown authority, and the plan takes any',
    listen: { tls: sound },
    tls: { insecure: true },
    honest: 'ok',
    everywhere: true,
  },
  { name: 'TLS, unknown authority', listen: { tls: sound }, honest: 'ok', everywhere: true, unread: ['tls'] },
  {
    name: 'TLS, certificate of another host',
    listen: { tls: elsewhere },
    tls: trusts(elsewhere),
    honest: 'ok',
    everywhere: true,
    unread: ['tls'],
  },
  {
    name: 'TLS, certificate expired',
    listen: { tls: expired },
    tls: trusts(expired),
    honest: 'ok',
    everywhere: true,
    unread: ['tls'],
  },
  {
    name: 'TLS, certificate not valid yet',
    listen: { tls: early },
    tls: trusts(early),
    honest: 'ok',
    everywhere: true,
    unread: ['tls'],
  },
  {
    name: 'TLS, asks for a certificate of ours',
    listen: { tls: { ...sound, requestCert: true, rejectUnauthorized: true } },
    tls: trusts(sound),
    honest: 'ok',
    everywhere: true,
    unread: ['tls', ...GONE],
  },
  {
    name: 'TLS of a version long gone',
    listen: { tls: { ...sound, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } },
    tls: trusts(sound),
    honest: 'ok',
    everywhere: true,
    unread: ['tls'],
  },
  {
    name: 'plain HTTP on a TLS port',
    listen: https,
    connected: handshake((socket) => socket.end(GOOD)),
    honest: 'ok',
    everywhere: true,
    unread: ['tls'],
  },
  {
    name: 'TLS on a plain HTTP port',
    listen: { tls: sound, scheme: 'http' },
    honest: 'ok',
    everywhere: true,
    unread: ['protocol', 'closed', 'reset'],
  },
  {
    name: 'handshake cut, FIN',
    listen: https,
    connected: handshake((socket) => socket.end()),
    honest: 'ok',
    everywhere: true,
    unread: ['tls'],
  },
  {
    name: 'handshake cut, RST',
    listen: https,
    connected: handshake((socket) => socket.resetAndDestroy()),
    honest: 'ok',
    everywhere: true,
    unread: ['tls'],
  },
  {
    name: 'handshake never answered',
    listen: https,
    connected: handshake(() => undefined),
    honest: 'ok',
    everywhere: true,
    unread: ['timedOut'],
    deadline: '250ms',
  },
  {
    name: 'body cut under TLS, FIN',
    listen: { tls: sound },
    tls: trusts(sound),
    answer: endsAfter(`${head(OK, 'content-length: 9')}x`),
    honest: 'truncated',
  },
  {
    name: 'body cut under TLS, RST',
    listen: { tls: sound },
    tls: trusts(sound),
    answer: resetsAfter(`${head(OK, 'content-length: 9')}x`),
    honest: 'reset',
  },
  {
    name: 'close-delimited body cut under TLS, RST',
    listen: { tls: sound },
    tls: trusts(sound),
    answer: resetsAfter(`${head(OK)}not all`),
    honest: 'reset',
  },
  {
    name: 'no reply under TLS',
    listen: { tls: sound },
    tls: trusts(sound),
    answer: () => undefined,
    honest: 'timedOut',
    // The handshake needs the server's time, and on a busy machine the deadline may come first.
    unread: ['timedOut'],
    deadline: '250ms',
  },
];
