import { TextDecoder } from 'node:util';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { MOST_BODY_BYTES } from '../../senders/sender.ts';

/** A body as a browser reads it. */
export interface BodyText {
  readonly text: string;
  /** Its coding or charset is none that browsers know, so its bytes were read as they are, which may be wrong. */
  readonly doubtful: boolean;
}

/**
 * The text of a body: content codings are undone from the last to the first (RFC 9110 §8.4), then it is decoded by its byte order
 * mark, its charset, or what its first bytes say. An empty body is empty, whatever its headers describe: a reply to HEAD names the
 * coding of what a GET would have brought.
 * @throws where it is not encoded as a known coding says; ERR_BUFFER_TOO_LARGE where it decodes to more than is read
 */
export function bodyText(body: Buffer, encodings: string | undefined, type: string | undefined): BodyText {
  if (body.length === 0) return { text: '', doubtful: false };
  const decoders = encodings === undefined ? [] : decodersOf(encodings);
  // Fetch §2.2.1 "handle content codings": bytes of a coding that isn't supported are handed on as they are.
  const bytes = decoders?.reduceRight((encoded, decode) => decode(encoded), body) ?? body;
  const { decode, known } = charsetFor(type ?? '');
  return { text: decode(bytes), doubtful: decoders === undefined || !known };
}

type Decoder = (body: Buffer) => Buffer;

/** A few kB can decode to more than the memory holds. */
const limit = { maxOutputLength: MOST_BODY_BYTES };

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: (body) => gunzipSync(body, limit),
  'x-gzip': (body) => gunzipSync(body, limit),
  deflate: (body) => (hasZlibHead(body) ? inflateSync(body, limit) : inflateRawSync(body, limit)),
  br: (body) => brotliDecompressSync(body, limit),
  zstd: (body) => zstdDecompressSync(body, limit),
};

/** Many servers send `deflate` without the wrapper that it means (RFC 9110 §8.4.1.2). RFC 1950 §2.2: method 8, and a multiple of 31. */
const hasZlibHead = ([first = 0, second = 0]: Buffer): boolean =>
  (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;

/** Undefined where one of the codings is not known. */
function decodersOf(encodings: string): Decoder[] | undefined {
  const names = encodings
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const decoders = names.filter((name) => name !== '' && name !== 'identity').map((name) => DECODERS[name]);
  return decoders.every((decoder) => decoder !== undefined) ? decoders : undefined;
}

interface Charset {
  readonly decode: (bytes: Buffer) => string;
  readonly known: boolean;
}

/** A server has few content types, but may put anything into them. */
const MOST_TYPES = 64;
const charsets = new Map<string, Charset>();

function charsetFor(type: string): Charset {
  let charset = charsets.get(type);
  if (charset === undefined) {
    if (charsets.size >= MOST_TYPES) charsets.clear();
    charsets.set(type, (charset = readCharset(type)));
  }
  return charset;
}

function readCharset(type: string): Charset {
  const [, quoted, bare] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^;,]*))/i.exec(type) ?? [];
  const label = (quoted ?? bare ?? '').trim().replaceAll("'", '');
  const decoder = label === '' ? undefined : decoderOf(label);
  const decode = decoder === undefined ? unlabelled(type) : decoderFor(decoder);
  return { decode: (bytes) => (decoderByMark(bytes) ?? decode)(bytes), known: label === '' || decoder !== undefined };
}

type Decode = Charset['decode'];

/** By the labels of https://encoding.spec.whatwg.org. */
function decoderOf(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}

const utf8: Decode = (bytes) => bytes.toString('utf8');

const decoderFor = (decoder: TextDecoder): Decode =>
  decoder.encoding === 'utf-8' ? utf8 : (bytes) => decoder.decode(bytes);

const utf16le = new TextDecoder('utf-16le');
const utf16be = new TextDecoder('utf-16be');
const windows1252 = new TextDecoder('windows-1252');

/** A byte order mark says more than any header (Encoding §6, "decode"), and is no part of the text. */
function decoderByMark(bytes: Buffer): Decode | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return (marked) => marked.toString('utf8', 3);
  if (first === 0xfe && second === 0xff) return (marked) => utf16be.decode(marked);
  return first === 0xff && second === 0xfe ? (marked) => utf16le.decode(marked) : undefined;
}

/** JSON is UTF-8 (RFC 8259 §8.1). What is meant for people may say it within, and else be windows-1252 (HTML §13.2.3.2). */
function unlabelled(type: string): Decode {
  if (!/^\s*(?:$|text\/|application\/(?:[\w.-]+\+)?xml)/i.test(type)) return utf8;
  return (bytes) => {
    const text = utf8(bytes);
    // Whatever else is meant would be the same letters, but for ISO-2022, which begins with an escape.
    if (!text.includes('\ufffd') && !text.includes('\x1b')) return text;
    const label = DECLARED.exec(text.slice(0, PRESCAN_LETTERS))
      ?.slice(1)
      .find((found) => found !== undefined);
    const decoder = label === undefined ? undefined : decoderOf(label);
    if (decoder === undefined) return text.includes('\ufffd') ? windows1252.decode(bytes) : text;
    // UTF-16 that could be read so far as to find its own name is none.
    return decoder.encoding.startsWith('utf') ? text : decoder.decode(bytes);
  };
}

/** `<?xml encoding="…"?>`, `<meta charset="…">`, and the older `<meta … content="text/html; charset=…">`. */
const DECLARED = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w-]+)|<meta\s[^>]*?charset\s*=\s*["']?\s*([\w-]+)/i;
const PRESCAN_LETTERS = 1024;
