import type { Socket } from 'node:net';
import type { Asked, Behaviour } from '../behaviour.ts';
import { endsAfter, GONE, GOOD, reply, resetsAfter, sends } from '../replies.ts';

/** Reads nothing: the request stays in the kernel's buffer. */
const deaf = (socket: Socket): boolean => {
  socket.pause();
  return true;
};

const last = reply('200 OK', 'ok', 'connection: close');

/** A connection on which `connection: close` was said must not be used again. */
function closesButStaysOpen({ socket, server, nthOnConnection }: Asked): void {
  if (nthOnConnection > 0) server.account.wrongs.push('a request came behind connection: close');
  socket.write(last);
}

/** A second is what a request may need to arrive, so a connection that is kept for one is used once. */
const idleEnds =
  (ms: number) =>
  ({ socket, server, nthOnConnection }: Asked): void => {
    if (nthOnConnection > 0) server.account.wrongs.push('a request came on a connection that was about to end');
    socket.write(reply('200 OK', 'ok', 'keep-alive: timeout=1'));
    setTimeout(() => socket.end(), ms);
  };

function onceOnly({ socket, nthOnConnection }: Asked): Behaviour['honest'] {
  if (nthOnConnection > 0) socket.resetAndDestroy();
  else socket.write(reply('200 OK', 'ok', 'keep-alive: max=1'));
  return nthOnConnection > 0 ? GONE : 'ok';
}

/** Connections that end early, late, against their word, or never begin. */
export const connections: readonly Behaviour[] = [
  {
    name: 'accepts and closes at once',
    connected: (socket) => socket.end() !== undefined,
    honest: 'ok',
    everywhere: true,
    unread: GONE,
  },
  {
    name: 'resets on accept',
    connected: (socket) => socket.resetAndDestroy() !== undefined,
    honest: 'ok',
    everywhere: true,
    unread: GONE,
  },
  {
    name: 'closes every third connection at once',
    connected: (socket, nth) => nth % 3 === 0 && socket.end() !== undefined,
    honest: 'ok',
    everywhere: true,
    unread: GONE,
  },
  { name: 'reads the request and closes', answer: ({ socket }) => void socket.end(), honest: 'closed' },
  { name: 'reads the request and resets', answer: ({ socket }) => void socket.resetAndDestroy(), honest: 'reset' },
  {
    name: 'closes idle connections right after each reply without a word',
    everywhere: true,
    answer: endsAfter(GOOD),
    honest: 'ok',
    unread: GONE,
  },
  {
    name: 'resets idle connections right after each reply',
    everywhere: true,
    answer: resetsAfter(GOOD),
    honest: 'ok',
    unread: GONE,
  },
  {
    name: 'says keep-alive and closes',
    everywhere: true,
    answer: endsAfter(reply('200 OK', 'ok', 'connection: keep-alive')),
    honest: 'ok',
    unread: GONE,
  },
  { name: 'says close and closes', everywhere: true, answer: endsAfter(last), honest: 'ok' },
  { name: 'says close and keeps open', everywhere: true, answer: closesButStaysOpen, honest: 'ok' },
  {
    name: 'keep-alive: timeout=1, and closes after 5 ms',
    everywhere: true,
    answer: idleEnds(5),
    honest: 'ok',
  },
  {
    name: 'keep-alive: timeout=1, and closes after 100 ms',
    everywhere: true,
    answer: idleEnds(100),
    honest: 'ok',
  },
  { name: 'one reply a connection, then RST', everywhere: true, answer: onceOnly, honest: 'ok', unread: GONE },
  {
    name: 'HTTP/1.0 that closes after each reply',
    everywhere: true,
    answer: endsAfter('HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    honest: 'ok',
  },
  {
    name: 'reads 50 ms after it accepts',
    connected: (socket) => {
      socket.pause();
      setTimeout(() => socket.resume(), 50);
    },
    honest: 'ok',
    everywhere: true,
  },
  {
    name: 'accepts and never reads',
    connected: deaf,
    honest: 'ok',
    everywhere: true,
    unread: ['timedOut'],
    deadline: '250ms',
  },
  {
    name: 'never reads from every fourth connection',
    connected: (socket, nth) => nth % 4 === 0 && deaf(socket),
    honest: 'ok',
    everywhere: true,
    unread: ['timedOut'],
    // Far longer than the sound replies beside them need on a busy machine.
    deadline: '4s',
  },
  {
    name: 'replies before it is asked',
    connected: (socket) => void socket.write(GOOD),
    answer: sends(GOOD),
    everywhere: true,
    honest: ['ok', 'protocol', 'closed', 'reset'],
    unread: ['ok', 'protocol', 'closed', 'reset'],
  },
];
