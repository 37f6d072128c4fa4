import type { Behaviour } from '../behaviour.ts';
import { endsAfter, head, OK, resetsAfter, sends } from '../replies.ts';

const CHUNKED = head(OK, 'transfer-encoding: chunked');
const ONE = '5\r\nhello\r\n';
const LAST = '0\r\n\r\n';

/** The chunked coding (RFC 9112 §7.1), broken in each of its parts. */
export const chunks: readonly Behaviour[] = [
  { name: 'chunked, sound', answer: sends(CHUNKED, ONE, LAST), honest: 'ok' },
  { name: 'chunked with trailers', answer: sends(CHUNKED, ONE, '0\r\nchecksum: 5\r\nx: y\r\n\r\n'), honest: 'ok' },
  { name: 'chunk with an extension', answer: sends(CHUNKED, '5;a=b;c="d"\r\nhello\r\n', LAST), honest: 'ok' },
  {
    name: 'chunk with an extension of 1 MB',
    answer: sends(CHUNKED, `5;a=${'b'.repeat(2 ** 20)}\r\nhello\r\n`, LAST),
    honest: 'too-large',
    undici: 'ok',
    rate: 20,
  },
  { name: 'chunk size that is no number', answer: sends(CHUNKED, 'five\r\nhello\r\n', LAST), honest: 'protocol' },
  { name: 'chunk size below 0', answer: sends(CHUNKED, '-5\r\nhello\r\n', LAST), honest: 'protocol' },
  {
    name: 'chunk size that overflows',
    answer: sends(CHUNKED, 'fffffffffffffffff\r\nhello\r\n', LAST),
    honest: 'protocol',
  },
  { name: 'chunk longer than its size', answer: sends(CHUNKED, '3\r\nhello\r\n', LAST), honest: 'protocol' },
  { name: 'chunk shorter than its size, FIN', answer: endsAfter(`${CHUNKED}a\r\nhello`), honest: 'truncated' },
  { name: 'no last chunk, FIN', answer: endsAfter(`${CHUNKED}${ONE}`), honest: 'truncated' },
  { name: 'no last chunk, RST', answer: resetsAfter(`${CHUNKED}${ONE}`), honest: 'reset' },
  { name: 'no last chunk, then nothing', answer: sends(CHUNKED, ONE), honest: 'timedOut', deadline: '250ms' },
  { name: 'last chunk cut in its middle, FIN', answer: endsAfter(`${CHUNKED}${ONE}0\r\n`), honest: 'truncated' },
  {
    name: 'trailers that never end',
    answer: sends(CHUNKED, ONE, '0\r\nx: y\r\n'),
    honest: 'timedOut',
    deadline: '250ms',
  },
  {
    name: 'chunked over HTTP/1.0, FIN',
    answer: endsAfter(`${head('HTTP/1.0 200 OK', 'transfer-encoding: chunked')}${ONE}${LAST}`),
    honest: 'ok',
  },
  {
    name: 'transfer-encoding that is not chunked, FIN',
    answer: endsAfter(`${head(OK, 'transfer-encoding: identity')}all there is`),
    honest: 'protocol',
    undici: 'ok',
  },
];
