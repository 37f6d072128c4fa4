import type { Behaviour } from '../behaviour.ts';
import { endsAfter, head, OK, sends } from '../replies.ts';

const with2 = (...lines: readonly string[]): string => `${head(...lines)}ok`;
const LENGTH = 'content-length: 2';

/** RFC 9112 lets a client mend these (§5.2, §6.3) or refuse them: either is honest. */
const EITHER = ['ok', 'protocol'] as const;

/** Status lines and headers: garbage, other protocols, contradictions, and more than anybody keeps. */
export const heads: readonly Behaviour[] = [
  { name: 'garbage for a status line', answer: sends('\u0001\u0002 what is this?\r\n\r\n'), honest: 'protocol' },
  { name: 'HTTP/0.9: a body and nothing else', answer: endsAfter('<html>hello</html>'), honest: 'protocol' },
  { name: 'HTTP/2 frames', answer: sends(Buffer.from('000006040000000000000300000064', 'hex')), honest: 'protocol' },
  { name: 'another protocol: SMTP', answer: sends('220 mail.example.test ESMTP\r\n'), honest: 'protocol' },
  { name: 'another protocol: SSH', answer: sends('SSH-2.0-OpenSSH_9.6\r\n'), honest: 'protocol' },
  { name: 'http in lower case', answer: sends(with2('http/1.1 200 OK', LENGTH)), honest: 'protocol' },
  { name: 'HTTP/3.7', answer: sends(with2('HTTP/3.7 200 OK', LENGTH)), honest: 'protocol' },
  { name: 'no reason phrase', answer: sends(with2('HTTP/1.1 200 ', LENGTH)), honest: 'ok' },
  { name: 'no reason phrase and no space for it', answer: sends(with2('HTTP/1.1 200', LENGTH)), honest: EITHER },
  { name: 'status of four digits', answer: sends(with2('HTTP/1.1 2000 OK', LENGTH)), honest: 'protocol' },
  { name: 'status of letters', answer: sends(with2('HTTP/1.1 abc OK', LENGTH)), honest: 'protocol' },
  { name: 'status 099', answer: sends(with2('HTTP/1.1 099 What', LENGTH)), honest: 'protocol' },
  { name: 'status 799', answer: sends(with2('HTTP/1.1 799 What', LENGTH)), honest: 'status.799' },
  { name: 'content-length below 0', answer: sends(with2(OK, 'content-length: -2')), honest: 'protocol' },
  { name: 'content-length with a sign', answer: sends(with2(OK, 'content-length: +2')), honest: 'protocol' },
  { name: 'content-length that is no number', answer: sends(with2(OK, 'content-length: two')), honest: 'protocol' },
  {
    name: 'content-length that overflows',
    answer: sends(with2(OK, 'content-length: 99999999999999999999999')),
    honest: 'protocol',
  },
  {
    name: 'content-length of 8 EiB, FIN',
    answer: endsAfter(with2(OK, 'content-length: 9223372036854775807')),
    honest: 'truncated',
  },
  { name: 'two content-lengths that agree', answer: sends(with2(OK, LENGTH, LENGTH)), honest: EITHER },
  {
    name: 'two content-lengths that do not',
    answer: sends(with2(OK, LENGTH, 'content-length: 4')),
    honest: 'protocol',
  },
  {
    name: 'content-length and chunked',
    answer: sends(`${head(OK, LENGTH, 'transfer-encoding: chunked')}2\r\nok\r\n0\r\n\r\n`),
    honest: EITHER,
  },
  {
    name: 'one header of 10 MB',
    answer: sends(with2(OK, `x: ${'y'.repeat(10 * 2 ** 20)}`, LENGTH)),
    honest: 'too-large',
    rate: 10,
  },
  {
    name: '10,000 headers',
    answer: sends(with2(OK, ...Array.from({ length: 10_000 }, (_, i) => `x-${i}: y`), LENGTH)),
    honest: 'too-large',
    rate: 30,
  },
  { name: 'NUL in a header', answer: sends(with2(OK, 'x: a\0b', LENGTH)), honest: 'protocol' },
  { name: 'NUL in a header name', answer: sends(with2(OK, 'x\0: ab', LENGTH)), honest: 'protocol' },
  { name: 'bytes beyond ASCII in a header', answer: sends(with2(OK, 'x: größe', LENGTH)), honest: 'ok' },
  { name: 'a header folded over two lines', answer: sends(with2(OK, 'x: a\r\n b', LENGTH)), honest: EITHER },
  { name: 'a header without a colon', answer: sends(with2(OK, 'nonsense', LENGTH)), honest: 'protocol' },
  { name: 'a header without a name', answer: sends(with2(OK, ': value', LENGTH)), honest: 'protocol' },
  { name: 'a space before the colon', answer: sends(with2(OK, 'x : y', LENGTH)), honest: 'protocol' },
  { name: 'lines that end in LF alone', answer: sends(with2(OK, LENGTH).replaceAll('\r\n', '\n')), honest: EITHER },
  { name: 'a CR inside a header', answer: sends(with2(OK, 'x: a\rb', LENGTH)), honest: 'protocol' },
  { name: 'an empty line before the status line', answer: sends(`\r\n${with2(OK, LENGTH)}`), honest: EITHER },
];
