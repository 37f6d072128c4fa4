import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { bodyText } from '../../../loadgen/engine/reply/body-text.ts';

const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);
const HTML = 'text/html';
const JSON_TYPE = 'application/json';

/** A header, the body, and its text. */
test.each<[string, string | undefined, Buffer, string]>([
  ['UTF-8', `${HTML}; charset=utf-8`, Buffer.from('Zoë'), 'Zoë'],
  ['ISO-8859-1', `${HTML}; charset=ISO-8859-1`, bytes(0x5a, 0x6f, 0xeb), 'Zoë'],
  // WHATWG Encoding §4.2: the label iso-8859-1 is windows-1252, whose 0x80 is the euro sign.
  ['ISO-8859-1, a letter of windows-1252', `${HTML};charset="iso-8859-1"`, bytes(0x80), '€'],
  ['single quotes', `${HTML};charset='latin1'`, bytes(0xeb), 'ë'],
  ['ISO-8859-15', `${HTML}; charset=iso-8859-15`, bytes(0xa4), '€'],
  ['Shift_JIS', `${HTML}; charset=Shift_JIS`, bytes(0x82, 0xa0), 'あ'],
  ['GBK', `${HTML}; charset=gbk`, bytes(0xc4, 0xe3), '你'],
  ['another parameter before', `${HTML}; v=1; Charset=KOI8-R`, bytes(0xc1), 'а'],
  ['UTF-16LE', `${JSON_TYPE}; charset=utf-16le`, Buffer.from('{"a":1}', 'utf16le'), '{"a":1}'],
  ['UTF-16BE', `${JSON_TYPE}; charset=utf-16be`, Buffer.from('{"a":1}', 'utf16le').swap16(), '{"a":1}'],
  ['a mark of UTF-8', JSON_TYPE, Buffer.from('\ufeff{}'), '{}'],
  ['a mark of UTF-8 with a charset', `${JSON_TYPE}; charset=utf-8`, Buffer.from('\ufeff{}'), '{}'],
  ['a mark goes before the charset', `${HTML}; charset=iso-8859-1`, Buffer.from('\ufeffZoë'), 'Zoë'],
  ['a mark of UTF-16LE', JSON_TYPE, Buffer.from('\ufeff{}', 'utf16le'), '{}'],
  ['a mark of UTF-16BE', JSON_TYPE, Buffer.from('\ufeff{}', 'utf16le').swap16(), '{}'],
  ['only the first mark', HTML, Buffer.from('\ufeff\ufeffa'), '\ufeffa'],
  [
    'a meta tag',
    HTML,
    Buffer.concat([Buffer.from('<meta charset="windows-1251">'), bytes(0xcf)]),
    '<meta charset="windows-1251">П',
  ],
  [
    'an older meta tag',
    HTML,
    Buffer.concat([Buffer.from('<META http-equiv=x content="text/html; charset=shift_jis">'), bytes(0x82, 0xa0)]),
    '<META http-equiv=x content="text/html; charset=shift_jis">あ',
  ],
  [
    'an XML declaration',
    'application/soap+xml',
    Buffer.concat([Buffer.from('<?xml version="1.0" encoding="ISO-8859-2"?>'), bytes(0xb1)]),
    '<?xml version="1.0" encoding="ISO-8859-2"?>ą',
  ],
  ['text without a charset, UTF-8', HTML, Buffer.from('Zoë'), 'Zoë'],
  ['text without a charset, no UTF-8', 'text/plain', bytes(0x5a, 0xeb), 'Zë'],
  ['text with an escape of a terminal', 'text/plain', Buffer.from('\x1b[1mZoë'), '\x1b[1mZoë'],
  ['no type at all', undefined, Buffer.from('Zoë'), 'Zoë'],
  ['JSON is UTF-8, and nothing is guessed', JSON_TYPE, bytes(0xeb), '\ufffd'],
])('charset: %s', (_, type, body, text) => {
  expect(bodyText(body, undefined, type)).toEqual({ text, doubtful: false });
});

const HELLO = Buffer.from('hello');

test.each<[string, string, Buffer]>([
  ['deflate', 'deflate', deflateSync('hello')],
  ['deflate without zlib’s wrapper', 'deflate', deflateRawSync('hello')],
  ['the same, stored', 'deflate', deflateRawSync('hello', { level: 0 })],
  ['the same in gzip', 'deflate, gzip', gzipSync(deflateRawSync('hello'))],
  ['identity', 'identity', HELLO],
  ['gzip and identity', 'gzip, identity', gzipSync('hello')],
  ['an empty coding', '', HELLO],
  ['an empty coding in a list', 'gzip, ', gzipSync('hello')],
  ['only commas', ' , ,', HELLO],
  ['capitals', 'Br', brotliCompressSync('hello')],
])('content-encoding: %s', (_, encoding, body) => {
  expect(bodyText(body, encoding, undefined)).toEqual({ text: 'hello', doubtful: false });
});

test.each(['gzip', 'br', 'zstd', 'deflate', 'gzip, br', 'rot13'])('an empty body is empty in %s', (encoding) => {
  expect(bodyText(Buffer.alloc(0), encoding, 'text/html; charset=utf-32')).toEqual({ text: '', doubtful: false });
});

test.each<[string, string | undefined, string]>([
  ['a coding of no browser', 'none', HTML],
  ['a charset as coding', 'utf-8', HTML],
  ['one that is known, and one that is not', 'gzip, aws-chunked', HTML],
  ['a charset of no browser', undefined, `${HTML}; charset=utf-32`],
  ['a charset of the standard that browsers refuse', undefined, `${HTML}; charset=iso-2022-kr`],
])('the bytes as they are, in doubt: %s', (_, encoding, type) => {
  expect(bodyText(HELLO, encoding, type)).toEqual({ text: 'hello', doubtful: true });
});

test.each(['gzip', 'deflate', 'br', 'zstd'])('what is no %s throws', (encoding) => {
  expect(() => bodyText(HELLO, encoding, undefined)).toThrow();
});

test('server-made content types do not fill the memory, and are read anew', () => {
  for (let i = 0; i < 200; i += 1)
    expect(bodyText(bytes(0xeb), undefined, `text/plain; boundary=${i}; charset=latin1`).text).toBe('ë');
});
