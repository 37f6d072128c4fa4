/** A power of two; files of single requests have some hundred names, statuses and messages. */
const SLOTS = 4096;

/**
 * Texts that come again and again, such as names and statuses: the same bytes give the same string, which is decoded once and is no part
 * of the piece of the file that it was first seen in. A text that meets another one in its place takes that place.
 */
export class TextCache {
  readonly #known: (Uint8Array | undefined)[] = Array.from({ length: SLOTS });
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => '');

  text(bytes: Buffer, start: number, end: number): string {
    // FNV-1a, of which the lower bits alone are weak.
    let hash = 0x81_1c_9d_c5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01_00_01_93);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.#known[slot];
    if (known !== undefined && isSame(known, bytes, start, end)) return this.#texts[slot] ?? '';
    this.#known[slot] = Uint8Array.prototype.slice.call(bytes, start, end);
    const text = bytes.toString('utf8', start, end);
    this.#texts[slot] = text;
    return text;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = start; at < end; at += 1) if (known[at - start] !== bytes[at]) return false;
  return true;
}
