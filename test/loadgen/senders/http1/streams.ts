import { uniform01 } from '../../../../lib/schedule/random.ts';

const STATUS = [
  '200 OK',
  '200',
  '204 No Content',
  '304 Not Modified',
  '404 Not Found',
  '500 ',
  '100 Continue',
  '103 Early Hints',
  '101 Switching',
  '99 Low',
  '600 High',
  '2000 Long',
  '20x',
];
const VERSIONS = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/0.9',
  'http/1.1',
  'HTTP/1.2',
  'ICY',
];
const HEADERS = [
  'Content-Length: 5',
  'content-length: 5',
  'Content-Length: 0',
  'Content-Length: 7',
  'Content-Length: -5',
  'Content-Length: +5',
  'Content-Length: 5, 5',
  'Content-Length: 99999999999999999999',
  'Content-Length:',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding : chunked',
  'Connection: close',
  'Connection: keep-alive',
  'Connection: upgrade',
  'Upgrade: h2c',
  'Set-Cookie: a=b',
  'X: \u0001',
  'X: é',
  'X:',
  ' folded: yes',
  ': no name',
  'No colon',
  'Bad name: x',
];
const BODIES = [
  'hello',
  '',
  'hello, and more',
  '5\r\nhello\r\n0\r\n\r\n',
  '5;x=y\r\nhello\r\n0\r\nT: v\r\n\r\n',
  'z\r\nhello\r\n0\r\n\r\n',
  '5\r\nhelloXX0\r\n\r\n',
  '5\r\nhel',
  '\r\n',
  'fffffffffffffffff\r\nx',
];
const ENDINGS = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n'];

export interface HostileStream {
  readonly bytes: Buffer;
  readonly head: boolean;
  /** Where the stream is cut into reads, in order. */
  readonly cuts: readonly number[];
}

/** Endless streams of replies, most of them nearly right: parts of real ones, recombined, cut, and with bytes changed. */
export function* hostileStreams(seed: number): Generator<HostileStream> {
  const draw = uniform01(seed);
  const below = (limit: number): number => Math.floor(draw() * limit);
  const pick = (list: readonly string[]): string => list[below(list.length)] ?? '';
  for (;;) {
    let text = draw() < 0.05 ? '\r\n' : '';
    for (let replies = below(3); replies >= 0; replies -= 1) {
      const end = draw() < 0.8 ? '\r\n' : pick(ENDINGS);
      text += `${draw() < 0.8 ? 'HTTP/1.1' : pick(VERSIONS)} ${draw() < 0.5 ? '200 OK' : pick(STATUS)}${end}`;
      for (let headers = below(4); headers > 0; headers -= 1)
        text += `${pick(HEADERS)}${draw() < 0.9 ? end : pick(ENDINGS)}`;
      text += `${end}${pick(BODIES)}`;
    }
    const bytes = Buffer.from(text, 'latin1');
    for (let changes = draw() < 0.4 ? below(4) : 0; changes > 0; changes -= 1) bytes[below(bytes.length)] = below(256);
    const kept = bytes.subarray(0, draw() < 0.2 ? below(bytes.length + 1) : bytes.length);
    const cuts = Array.from({ length: below(4) }, () => below(kept.length + 1)).toSorted((a, b) => a - b);
    yield { bytes: kept, head: draw() < 0.1, cuts };
  }
}
