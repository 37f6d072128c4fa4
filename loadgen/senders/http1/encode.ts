import { bytesOfText } from '../header-text.ts';
import type { Outgoing } from '../sender.ts';

/** RFC 9110 §8.6: a method whose content has a meaning says its length even when there is none. */
const SAYS_LENGTH = new Set(['POST', 'PUT', 'PATCH']);

const FORBIDDEN = /[\r\n\0]/;

/** The bytes of a request; undefined where a header's value, with its templates filled in, would break the message. */
export function encodeRequest({ method, path, origin, headers, body }: Outgoing): Buffer | undefined {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  if (headers['host'] === undefined) head += `host: ${origin.slice(origin.indexOf('//') + 2)}\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (FORBIDDEN.test(value)) return undefined;
    head += `${name}: ${value}\r\n`;
  }
  const content = body ?? '';
  // A lone surrogate is one byte, and counts as three.
  const length = content.isWellFormed() ? Buffer.byteLength(content) : bytesOfText(content).length;
  if (body !== null || SAYS_LENGTH.has(method)) head += `content-length: ${length}\r\n`;
  return bytesOfText(`${head}\r\n${content}`);
}
