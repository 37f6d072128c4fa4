import type { Asked } from './behaviour.ts';

export const OK = 'HTTP/1.1 200 OK';

/** A head with its empty line. */
export const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

/** A sound reply. */
export const reply = (status: string, body: string, ...headers: readonly string[]): string =>
  head(`HTTP/1.1 ${status}`, ...headers, `content-length: ${Buffer.byteLength(body)}`) + body;

export const GOOD = reply('200 OK', 'ok');

/** Which of the two a client sees of a connection that ends under its request is the kernel's choice. */
export const GONE = ['closed', 'reset'] as const;

type Answer = (asked: Asked) => void;

/** Sends bytes, and leaves the connection as it is. */
export function sends(...parts: readonly (string | Buffer)[]): Answer {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return ({ socket }) => void socket.write(bytes);
}

/** Sends bytes and ends the connection in order (FIN). */
export const endsAfter =
  (text: string): Answer =>
  ({ socket }) =>
    void socket.end(text);

/** Sends bytes and breaks the connection off (RST). */
export const resetsAfter =
  (text: string): Answer =>
  ({ socket, raw }) =>
    void socket.write(text, () => raw.resetAndDestroy());

/** Sends `text`, then `drop` again and again until the connection is gone. */
export const drips =
  (text: string, drop: string, everyMs: number): Answer =>
  ({ socket }) => {
    socket.write(text);
    const timer = setInterval(() => socket.write(drop), everyMs);
    socket.once('close', () => clearInterval(timer));
  };
