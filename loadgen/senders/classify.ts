import type { FailureKind } from '../../lib/measure/failures.ts';
import { codeOf, messageOf } from '../../lib/errors.ts';

/** How far an exchange had come when it failed. */
export interface ReplyProgress {
  readonly secure: boolean;
  readonly connected: boolean;
  readonly statusSeen: boolean;
}

const BY_CODE: Readonly<Record<string, FailureKind>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  ETIMEDOUT: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  ERR_PROXY_REFUSED: 'unreachable',
  EMFILE: 'sockets',
  ENFILE: 'sockets',
  ENOBUFS: 'sockets',
  EADDRNOTAVAIL: 'sockets',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  HPE_INVALID_EOF_STATE: 'truncated',
  UND_ERR_INVALID_ARG: 'request',
  UND_ERR_NOT_SUPPORTED: 'request',
};

/** OpenSSL's and Node's codes for a certificate that does not convince, or a handshake that does not come about. */
const TLS_CODE =
  /^(?:ERR_TLS|ERR_SSL|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|EPROTO)/;

/** The kind of a failure, from the error of the socket or of undici. */
export function failureKindOf(error: unknown, progress: ReplyProgress): FailureKind {
  const code = codeOf(error);
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (TLS_CODE.test(code) || (progress.secure && !progress.connected)) return 'tls';
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED') return 'reset';
  if (code === 'UND_ERR_SOCKET') return socketFailure(messageOf(error), progress);
  return 'protocol';
}

/** undici distinguishes an orderly close from an unusable reply only by the message. */
function socketFailure(message: string, { statusSeen }: ReplyProgress): FailureKind {
  if (message.startsWith('bad ')) return 'protocol';
  return statusSeen ? 'truncated' : 'closed';
}

/** OpenSSL's words, between an address in memory and a place in its source: `…:error:0A000410:SSL routines:ssl3_read_bytes:REASON:…`. */
const OPENSSL = /\berror:[0-9A-F]+:[^:]*:[^:]*:([^:\n]+)/i;

/** What the system or TLS says of a failure, without advice for those who run Node. */
export function failureDetailOf(error: unknown): string {
  const message = messageOf(error);
  return OPENSSL.exec(message)?.[1] ?? message.replace(/; if the root CA is .*$/s, '');
}
