import type { Head } from './importer.ts';

/** As much of a file as is looked at to recognise it. */
export const HEAD_BYTES = 64 * 1024;

/** By its byte order mark; without one, UTF-16 of mostly Latin text has a zero in every other byte. */
export function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const pairs = Math.min(200, Math.floor(bytes.length / 2));
  const zerosAt = (offset: number): number =>
    Array.from({ length: pairs }, (_, at) => bytes[2 * at + offset]).filter((byte) => byte === 0).length;
  if (pairs < 2 || zerosAt(0) + zerosAt(1) < 0.7 * pairs) return 'utf-8';
  if (zerosAt(1) > 0.7 * pairs && zerosAt(0) < 0.3 * pairs) return 'utf-16le';
  return zerosAt(0) > 0.7 * pairs && zerosAt(1) < 0.3 * pairs ? 'utf-16be' : 'utf-8';
}

/** Decodes a file piece by piece. The byte order mark is dropped; bytes that are no text of the encoding become U+FFFD. */
export function decoderOf(head: Uint8Array): (bytes?: Uint8Array) => string {
  const decoder = new TextDecoder(encodingOf(head));
  return (bytes) => (bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true }));
}

const MARK = [0xef, 0xbb, 0xbf];

/** The same as bytes of UTF-8, which are handed on as they stand where the file is UTF-8. */
export function recoderOf(head: Uint8Array): (bytes?: Uint8Array) => Uint8Array {
  if (encodingOf(head) !== 'utf-8') {
    const decode = decoderOf(head);
    return (bytes) => Buffer.from(decode(bytes));
  }
  let skipped = MARK.every((byte, at) => head[at] === byte) ? MARK.length : 0;
  return (bytes = new Uint8Array()) => {
    const own = bytes.subarray(skipped);
    skipped -= bytes.length - own.length;
    return own;
  };
}

export function headOf(bytes: Uint8Array): Head {
  const text = decoderOf(bytes)(bytes);
  const whole = text.split(/\r?\n/, 200);
  if (bytes.length >= HEAD_BYTES) whole.pop();
  return { bytes, text, lines: whole.filter((line) => line.trim() !== '') };
}

/** Archives are not unpacked: what comes out of one may be a thousand times as large. */
const ARCHIVES: readonly (readonly [name: string, signature: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];

/** What a file is packed with; undefined where it isn't. */
export const packedWith = (bytes: Uint8Array): string | undefined =>
  ARCHIVES.find(([, signature]) => signature.every((byte, at) => bytes[at] === byte))?.[0];
