import type { Behaviour } from '../behaviour.ts';
import { drips, endsAfter, GONE, head, OK, reply, resetsAfter, sends } from '../replies.ts';

const HALF = `${head(OK, 'content-length: 100')}${'x'.repeat(50)}`;
const LARGE = 'x'.repeat(2 ** 20);
const POST = { post: '/bad', body: 'y'.repeat(300_000) };

/** Bodies cut, reset, never finished or never ending, and sound ones that are easily taken for such. */
export const bodies: readonly Behaviour[] = [
  { name: 'body cut short of its content-length, FIN', answer: endsAfter(HALF), honest: 'truncated' },
  { name: 'body cut short of its content-length, RST', answer: resetsAfter(HALF), honest: 'reset' },
  { name: 'body never finished', answer: sends(HALF), honest: 'timedOut', deadline: '250ms' },
  {
    name: 'body cut behind 200 kB',
    answer: endsAfter(`${head(OK, 'content-length: 300000')}${'x'.repeat(200_000)}`),
    honest: 'truncated',
  },
  { name: 'no byte of the body, FIN', answer: endsAfter(head(OK, 'content-length: 5')), honest: 'truncated' },
  {
    name: 'body dripping a byte at a time, never done',
    answer: drips(head(OK, 'content-length: 1000000'), 'x', 20),
    honest: 'timedOut',
    deadline: '250ms',
  },
  {
    name: 'chunks dripping for ever',
    answer: drips(head(OK, 'transfer-encoding: chunked'), '1\r\nx\r\n', 20),
    honest: 'timedOut',
    deadline: '250ms',
  },
  {
    name: 'head dripping a header at a time',
    answer: drips(`${OK}\r\n`, 'a: b\r\n', 20),
    honest: 'timedOut',
    deadline: '250ms',
  },
  {
    name: 'close-delimited body dripping for ever',
    answer: drips(head(OK, 'connection: close'), 'x', 20),
    honest: 'timedOut',
    deadline: '250ms',
  },
  { name: 'close-delimited body, FIN', answer: endsAfter(`${head(OK)}all there is`), honest: 'ok' },
  {
    name: 'close-delimited body, said so, FIN',
    answer: endsAfter(`${head(OK, 'connection: close')}all there is`),
    honest: 'ok',
  },
  { name: 'close-delimited body, RST', answer: resetsAfter(`${head(OK)}not all there is`), honest: 'reset' },
  {
    name: 'close-delimited body, said so, RST',
    answer: resetsAfter(`${head(OK, 'connection: close')}not all`),
    honest: 'reset',
  },
  { name: 'HTTP/1.0 body, RST', answer: resetsAfter(`${head('HTTP/1.0 200 OK')}not all`), honest: 'reset' },
  { name: 'HTTP/1.0 body, FIN', answer: endsAfter(`${head('HTTP/1.0 200 OK')}all there is`), honest: 'ok' },
  { name: 'no reply at all', answer: () => undefined, honest: 'timedOut', deadline: '250ms' },
  { name: 'half a head, FIN', answer: endsAfter(`${OK}\r\ncontent-le`), honest: 'closed' },
  { name: 'half a status line, FIN', answer: endsAfter('HTTP/1.1 2'), honest: 'closed' },
  { name: 'half a head, RST', answer: resetsAfter(`${OK}\r\ncontent-le`), honest: 'reset' },
  { name: 'half a head, then nothing', answer: sends(`${OK}\r\ncontent-le`), honest: 'timedOut', deadline: '250ms' },
  { name: 'empty body', answer: sends(head(OK, 'content-length: 0')), honest: 'ok' },
  { name: '1 MB body, whole', answer: sends(reply('200 OK', LARGE)), honest: 'ok' },
  {
    name: '17 MB body that a check has to read',
    answer: sends(reply('200 OK', LARGE.repeat(17))),
    honest: 'too-large',
    rate: 10,
    step: { get: '/bad', expect: { body: 'z' } },
  },
  { name: '17 MB body that no check reads', answer: sends(reply('200 OK', LARGE.repeat(17))), honest: 'ok', rate: 10 },
  {
    name: 'reply a byte at a time',
    answer: ({ socket }) =>
      reply('200 OK', 'slow')
        .split('')
        .forEach((byte) => socket.write(byte)),
    honest: 'ok',
  },
  {
    name: 'reply, then FIN without a word',
    answer: endsAfter(reply('200 OK', 'ok')),
    honest: 'ok',
    unread: GONE,
    everywhere: true,
  },
  {
    name: 'reply before the request body was read',
    answer: sends(reply('200 OK', 'ok')),
    honest: 'ok',
    beforeBody: true,
    step: POST,
  },
  {
    name: '413 before the request body was read, then FIN',
    answer: endsAfter(reply('413 Content Too Large', 'no', 'connection: close')),
    honest: ['status.413', 'reset', 'closed'],
    beforeBody: true,
    step: POST,
  },
  {
    name: '413 before the request body was read, then RST',
    answer: resetsAfter(reply('413 Content Too Large', 'no', 'connection: close')),
    honest: ['status.413', 'reset', 'closed'],
    beforeBody: true,
    step: POST,
  },
];
