/** Bytes have come to an end within a record. */
class NotYet extends Error {}

/** No name or message is longer; a larger number is no length. */
const LONGEST = 1024 * 1024;

/** Bytes that come in pieces, and are read as big-endian values. */
export class ByteQueue {
  #view = new DataView(new ArrayBuffer(0));
  #at = 0;
  #before = 0;
  #stopped = false;

  push(piece: Uint8Array): void {
    const rest = this.#view.byteLength - this.#at;
    const joined = new Uint8Array(rest + piece.length);
    joined.set(new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at, rest));
    joined.set(piece, rest);
    this.#before += this.#at;
    this.#view = new DataView(joined.buffer);
    this.#at = 0;
  }

  /** Calls `read`; where the bytes end within it they are as if they had not been read, and the answer is false. */
  take(read: () => void): boolean {
    if (this.#stopped || this.length === 0) return false;
    const from = this.#at;
    try {
      read();
      return true;
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      this.#at = from;
      return false;
    }
  }

  /** Nothing is read any more. */
  stop(): void {
    this.#stopped = true;
  }

  get length(): number {
    return this.#view.byteLength - this.#at;
  }

  get position(): number {
    return this.#before + this.#at;
  }

  byte(): number {
    return this.#view.getUint8(this.skip(1));
  }

  int(): number {
    return this.#view.getInt32(this.skip(4));
  }

  long(): number {
    return Number(this.#view.getBigInt64(this.skip(8)));
  }

  /** A length in bytes, the bytes, and how they are coded: 0 Latin-1, 1 UTF-16 of the JVM's byte order. */
  string(): string {
    const length = this.int();
    if (length === 0) return '';
    const from = this.skip(length);
    const coder = this.byte();
    const bytes = new Uint8Array(this.#view.buffer, from, length);
    return new TextDecoder(coder === 1 ? 'utf-16le' : 'latin1').decode(bytes);
  }

  /** Returns where the skipped bytes begin. */
  skip(count: number): number {
    if (count < 0 || count > LONGEST) {
      this.stop();
      throw new NotYet();
    }
    if (this.length < count) throw new NotYet();
    this.#at += count;
    return this.#at - count;
  }
}
