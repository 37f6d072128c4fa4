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
  reset: 'The connection, or the stream of HTTP/2, was reset before the reply was complete.',
  closed: 'The connection was closed before the head of the reply was complete.',
  truncated: 'The reply ended before its stated length, or its body was broken off.',
  protocol: 'The reply is not valid HTTP.',
  encoding: 'The body could not be read: broken, or of a content coding or charset that browsers do not know.',
  'too-large': 'The headers, or a body that a check has to read, are larger than the generator keeps.',
  'expect.header': 'A header is not as expected.',
  'expect.body': 'The body is not as expected.',
  'expect.time': 'The reply was complete, but later than expected.',
  capture: 'A value to capture is not in the reply.',
  redirects: 'More than ten redirects in a row were followed.',
  request:
    'With its templates filled in it is no request: a value that has no place there, an unusable URL or header value, or an address on a host that may not be loaded.',
  hook: 'A hook of the plan threw, refused, or was not done within its time, so the journey ended there. It is no request, and says nothing of the target.',
  feeder: 'A feeder with unique rows had none left, so the arrival was dropped.',
} as const;

export type FailureKind = keyof typeof failureKinds | `status.${number}`;

/** What failures have in common for who looks for the cause: who refused, who didn't answer, who was at fault. */
export type FailureClass = '4xx' | '5xx' | 'other status' | 'connection' | 'reply' | 'generator';

const CLASSES: Readonly<Record<keyof typeof failureKinds, FailureClass>> = {
  dns: 'connection',
  refused: 'connection',
  unreachable: 'connection',
  tls: 'connection',
  sockets: 'generator',
  reset: 'connection',
  closed: 'connection',
  truncated: 'reply',
  protocol: 'reply',
  encoding: 'reply',
  'too-large': 'reply',
  'expect.header': 'reply',
  'expect.body': 'reply',
  'expect.time': 'reply',
  capture: 'reply',
  redirects: 'reply',
  request: 'generator',
  hook: 'generator',
  feeder: 'generator',
};

const isKind = (kind: string): kind is keyof typeof failureKinds => kind in CLASSES;

/** The class of a kind as a ledger names it; `reply` of one that this version doesn't know. */
export function failureClassOf(kind: string): FailureClass {
  if (isKind(kind)) return CLASSES[kind];
  const status = /^status\.(\d)\d\d$/.exec(kind)?.[1];
  if (status === undefined) return 'reply';
  return status === '4' || status === '5' ? `${status}xx` : 'other status';
}
