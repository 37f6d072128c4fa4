/**
 * Every way in which a request can fail, by the name under which the ledger counts it. `status.503` and its like stand for
 * any status that the step doesn't accept. A request past its deadline is no failure but `timedOut`.
 */
export const failureKinds = {
  dns: 'The host name has no address.',
  refused: 'Nothing listens on the address: connection refused.',
  unreachable: 'No connection came about: no route, or the network was down.',
  tls: 'The TLS handshake failed, or the certificate is not valid for the host.',
  sockets: 'The generator ran out of sockets, ports or file descriptors.',
  reset: 'The connection was reset before the reply was complete.',
  closed: 'The connection was closed before the head of the reply was complete.',
  truncated: 'The reply ended before its stated length, or its body was broken off.',
  protocol: 'The reply is not valid HTTP/1.1.',
  encoding: 'The body could not be decoded as its content-encoding says.',
  'too-large': 'The headers, or a body that a check has to read, are larger than the generator keeps.',
  'expect.header': 'A header is not as expected.',
  'expect.body': 'The body is not as expected.',
  'expect.time': 'The reply was complete, but later than expected.',
  capture: 'A value to capture is not in the reply.',
  request: 'The request could not be made: an unusable URL or header value after its templates were filled in.',
  feeder: 'A feeder with unique rows had none left, so the arrival was dropped.',
} as const;

export type FailureKind = keyof typeof failureKinds | `status.${number}`;
