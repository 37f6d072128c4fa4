import type { Asked, Behaviour } from '../behaviour.ts';
import { GOOD, reply, sends } from '../replies.ts';

const STALE = reply('418 Stale', 'you asked long ago');

/** Connections on which bytes were sent that nobody asked for. */
const spoilt = new WeakSet();

/**
 * A good reply, and `extra` a moment later. A request that reaches a connection behind the extra bytes was on its way when
 * they came: what it meets is `then`, since HTTP/1.1 has no way to tell whose reply it is.
 */
const goodThenLater =
  (extra: string, ms: number, then: Behaviour['honest']) =>
  ({ socket }: Asked): Behaviour['honest'] => {
    if (spoilt.has(socket)) {
      socket.end();
      return then;
    }
    socket.write(GOOD);
    setTimeout(() => {
      if (socket.destroyed || spoilt.has(socket)) return;
      spoilt.add(socket);
      socket.write(extra);
    }, ms);
    return 'ok';
  };

/** Bytes that nobody asked for (RFC 9112 §9.2): behind a reply, later, and instead of the next one. */
export const unsolicited: readonly Behaviour[] = [
  { name: 'garbage behind the reply, in the same packet', answer: sends(GOOD, 'garbage'), honest: 'ok' },
  { name: 'a second reply, in the same packet', answer: sends(GOOD, STALE), honest: 'ok' },
  { name: 'ten replies, in the same packet', answer: sends(GOOD.repeat(10)), honest: 'ok' },
  { name: 'an empty line behind the reply', answer: sends(GOOD, '\r\n'), honest: 'ok' },
  {
    name: 'garbage 5 ms after every reply',
    everywhere: true,
    answer: goodThenLater('garbage', 5, 'protocol'),
    honest: 'ok',
  },
  {
    name: 'a second reply 5 ms after every reply',
    everywhere: true,
    answer: goodThenLater(STALE, 5, 'status.418'),
    honest: 'ok',
  },
  { name: 'garbage before the reply', answer: sends('garbage\r\n\r\n', GOOD), honest: 'protocol' },
  { name: "another request's reply before the reply", answer: sends(STALE, GOOD), honest: 'status.418' },
  {
    name: 'a reply longer than it says',
    answer: sends('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokay, and more'),
    honest: 'ok',
  },
];
