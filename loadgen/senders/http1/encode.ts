import type { Writable } from 'node:stream';
import { bytesOfText } from '../header-text.ts';
import type { Outgoing, Wire } from '../sender.ts';

/** RFC 9110 §8.6: a method whose content has a meaning says its length even when there is none. */
const SAYS_LENGTH = new Set(['POST', 'PUT', 'PATCH']);

const FORBIDDEN = /[\r\n\0]/;

/** The bytes of a request, to a proxy with these lines more in its head; undefined where a header's value, with its templates filled in, would break the message. */
export function encodeRequest(outgoing: Outgoing, byProxy?: string): Wire | undefined {
  const { method, path, origin, headers, names, body } = outgoing;
  // A proxy needs the whole of it (RFC 9112 §3.2.2).
  let head = `${method} ${byProxy === undefined ? path : origin + path} HTTP/1.1\r\n${byProxy ?? ''}`;
  if (headers['host'] === undefined) head += `host: ${origin.slice(origin.indexOf('//') + 2)}\r\n`;
  for (const name in headers) {
    const lines = headerLines(names?.[name] ?? name, headers[name] ?? '');
    if (lines === undefined) return undefined;
    head += lines;
  }
  const content = body ?? '';
  if (body !== null || SAYS_LENGTH.has(method)) head += `content-length: ${lengthOf(content)}\r\n`;
  return typeof content === 'string' ? bytesOfText(`${head}\r\n${content}`) : [bytesOfText(`${head}\r\n`), ...content];
}

/** A line for each value. */
function headerLines(name: string, value: string | readonly string[]): string | undefined {
  if (typeof value === 'string') return FORBIDDEN.test(value) ? undefined : `${name}: ${value}\r\n`;
  return value.some((each) => FORBIDDEN.test(each)) ? undefined : value.map((each) => `${name}: ${each}\r\n`).join('');
}

function lengthOf(content: string | readonly Buffer[]): number {
  if (typeof content !== 'string') return content.reduce((sum, { length }) => sum + length, 0);
  // A lone surrogate is one byte, and would count as three.
  return content.isWellFormed() ? Buffer.byteLength(content) : bytesOfText(content).length;
}

/** Pieces in as few packets as may be, without a copy of them. */
export function writeTogether(socket: Writable, pieces: readonly Buffer[]): void {
  socket.cork();
  for (const piece of pieces) socket.write(piece);
  socket.uncork();
}
