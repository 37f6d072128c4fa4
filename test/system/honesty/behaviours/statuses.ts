import type { Asked, Behaviour } from '../behaviour.ts';
import { endsAfter, GOOD, reply, sends } from '../replies.ts';

const status = (line: string, ...headers: readonly string[]) => sends(reply(line, 'no', ...headers));

/** Requests of one path that come in turns: the n-th is answered by the n-th answer. */
const every =
  (count: number, nth: number, then: (asked: Asked) => void, honest: Behaviour['honest']) => (asked: Asked) => {
    if (asked.nth % count !== nth) return void asked.socket.write(GOOD);
    then(asked);
    return honest;
  };

/** Replies that are sound HTTP and no success, redirects, and failures that come in turns. */
export const statuses: readonly Behaviour[] = [
  { name: '404', answer: status('404 Not Found'), honest: 'status.404' },
  {
    name: '401 that asks for a password',
    answer: status('401 Unauthorized', 'www-authenticate: Basic realm="x"'),
    honest: 'status.401',
  },
  {
    name: '408 that asks to send again',
    answer: endsAfter(reply('408 Request Timeout', '', 'connection: close')),
    honest: 'status.408',
  },
  { name: '421', answer: status('421 Misdirected Request'), honest: 'status.421' },
  { name: '429 with retry-after', answer: status('429 Too Many Requests', 'retry-after: 0'), honest: 'status.429' },
  { name: '500', answer: status('500 Internal Server Error'), honest: 'status.500' },
  { name: '503 with retry-after', answer: status('503 Service Unavailable', 'retry-after: 0'), honest: 'status.503' },
  { name: '301 to itself', answer: status('301 Moved Permanently', 'location: /bad'), honest: 'ok' },
  {
    name: '302 where 200 is expected',
    answer: status('302 Found', 'location: /after'),
    honest: 'status.302',
    step: { get: '/bad', expect: { status: 200 } },
  },
  {
    name: '307 of a POST',
    answer: status('307 Temporary Redirect', 'location: /bad'),
    honest: 'ok',
    step: { post: '/bad', json: { a: 1 } },
  },
  {
    name: '308 to a host that is not ours',
    answer: status('308 Permanent Redirect', 'location: http://198.51.100.1/'),
    honest: 'ok',
  },
  {
    name: '201 where 200 is expected',
    answer: status('201 Created'),
    honest: 'status.201',
    step: { get: '/bad', expect: { status: [200, 204] } },
  },
  { name: 'every second request 500', answer: every(2, 1, status('500 Oh No'), 'status.500'), honest: 'ok' },
  {
    name: 'every second request cut',
    answer: every(2, 0, ({ socket }) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx'), 'truncated'),
    honest: 'ok',
  },
  {
    name: 'every second request reset',
    answer: every(2, 0, ({ socket }) => socket.resetAndDestroy(), 'reset'),
    honest: 'ok',
  },
  {
    name: 'every third request never answered',
    answer: every(3, 0, () => undefined, 'timedOut'),
    honest: 'ok',
    // Far longer than the sound replies beside them need on a busy machine.
    deadline: '4s',
  },
  {
    name: '500 for every path, every second time',
    everywhere: true,
    answer: every(2, 1, status('500 Oh No'), 'status.500'),
    honest: 'ok',
  },
];
