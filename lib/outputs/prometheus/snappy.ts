import { varint } from '../protobuf.ts';

/** A copy can't reach further back. */
const MOST_OFFSET = 0xffff;
const LEAST_COPY = 4;
const MOST_COPY = 64;
/** Of a literal whose length takes two bytes. */
const MOST_LITERAL = 0x1_0000;
const TABLE_BITS = 14;

/**
 * Snappy's block format, which remote write wants: the length, then literals, and copies of what came before. Labels repeat from
 * series to series, so a table of where four bytes were last seen is enough. Source: google/snappy, format_description.txt.
 */
export function snappy(input: Uint8Array): Uint8Array {
  const source = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const pieces: Uint8Array[] = [varint(source.length)];
  const seen = new Int32Array(2 ** TABLE_BITS).fill(-1);
  let literalFrom = 0;
  let at = 0;
  while (at + LEAST_COPY <= source.length) {
    const slot = slotOf(source.readUInt32LE(at));
    const before = seen[slot] ?? -1;
    seen[slot] = at;
    const length = before >= 0 && at - before <= MOST_OFFSET ? matchLength(source, before, at) : 0;
    if (length < LEAST_COPY) at += 1;
    else {
      pieces.push(...literals(source.subarray(literalFrom, at)), copy(at - before, length));
      at += length;
      literalFrom = at;
    }
  }
  return Buffer.concat([...pieces, ...literals(source.subarray(literalFrom))]);
}

/** Knuth's multiplicative hash. */
const slotOf = (four: number): number => Math.imul(four, 0x9e37_79b1) >>> (32 - TABLE_BITS);

function matchLength(source: Buffer, before: number, at: number): number {
  let length = 0;
  while (length < MOST_COPY && at + length < source.length && source[before + length] === source[at + length])
    length += 1;
  return length;
}

/** Tag 00, with the length less one in two bytes behind it. */
const literals = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / MOST_LITERAL) }, (_, part) => {
    const own = bytes.subarray(part * MOST_LITERAL, (part + 1) * MOST_LITERAL);
    const less = own.length - 1;
    return [less < 60 ? Uint8Array.of(less << 2) : Uint8Array.of(61 << 2, less & 0xff, less >> 8), own];
  }).flat();

/** Tag 10: the length less one, and two bytes of how far back. */
const copy = (offset: number, length: number): Uint8Array =>
  Uint8Array.of(((length - 1) << 2) | 2, offset & 0xff, offset >> 8);
