import { expect, test } from '@jest/globals';
import { failureDetailOf, failureKindOf } from '../../../loadgen/senders/classify.ts';

const PLAIN = { secure: false, connected: true, statusSeen: false };
const BEGUN = { ...PLAIN, statusSeen: true };
const SHAKING = { secure: true, connected: false, statusSeen: false };
const SECURE = { secure: true, connected: true, statusSeen: true };

const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

test.each([
  [coded('ENOTFOUND'), PLAIN, 'dns'],
  [coded('EAI_AGAIN'), SHAKING, 'dns'],
  [coded('ECONNREFUSED'), SHAKING, 'refused'],
  [coded('EHOSTUNREACH'), PLAIN, 'unreachable'],
  [coded('ETIMEDOUT'), PLAIN, 'unreachable'],
  [coded('EMFILE'), PLAIN, 'sockets'],
  [coded('EADDRNOTAVAIL'), SHAKING, 'sockets'],
  [coded('ECONNRESET'), PLAIN, 'reset'],
  [coded('ECONNRESET'), SECURE, 'reset'],
  [coded('EPIPE'), BEGUN, 'reset'],
  // Before the handshake is done, whatever ends the connection is the handshake's failure.
  [coded('ECONNRESET'), SHAKING, 'tls'],
  [coded('UND_ERR_SOCKET', 'other side closed'), SHAKING, 'tls'],
  [coded('CERT_HAS_EXPIRED'), SHAKING, 'tls'],
  [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), SHAKING, 'tls'],
  [coded('ERR_TLS_CERT_ALTNAME_INVALID'), SHAKING, 'tls'],
  [coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), SECURE, 'tls'],
  [coded('UND_ERR_SOCKET', 'other side closed'), PLAIN, 'closed'],
  [coded('UND_ERR_SOCKET', 'other side closed'), BEGUN, 'truncated'],
  [coded('UND_ERR_SOCKET', 'bad response'), BEGUN, 'protocol'],
  [coded('UND_ERR_HEADERS_OVERFLOW'), PLAIN, 'too-large'],
  // Two lengths that contradict each other: a body that is merely cut ends with the connection.
  [coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), BEGUN, 'protocol'],
  [coded('HPE_INVALID_EOF_STATE'), BEGUN, 'truncated'],
  [coded('HPE_INVALID_CONSTANT'), PLAIN, 'protocol'],
  [coded('UND_ERR_INVALID_ARG'), PLAIN, 'request'],
  [new Error('without a code'), PLAIN, 'protocol'],
  ['no error at all', PLAIN, 'protocol'],
] as const)('%s, %j → %s', (error, progress, kind) => {
  expect(failureKindOf(error, progress)).toBe(kind);
});

test.each([
  [
    'write EPROTO C0F6FF333A7F0000:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:../deps/openssl/x.c:918:SSL alert number 40\n',
    'ssl/tls alert handshake failure',
  ],
  [
    'C0C6681CB67F0000:error:0A00045C:SSL routines:f:tlsv13 alert certificate required:x.c:918:\n',
    'tlsv13 alert certificate required',
  ],
  ['connect ECONNREFUSED 127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
])('%j is told as %j', (message, detail) => {
  expect(failureDetailOf(new Error(message))).toBe(detail);
});
