/**
 * Fields of Protocol Buffers' wire format. Each writes itself into one buffer when a message is made of them, since a buffer for each
 * field was most of what an output cost. Source: https://protobuf.dev/programming-guides/encoding/
 */
export type Field = (into: Writing) => void;

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;

/** A varint of 2^53 has eight bytes, a 64-bit number too. */
const MOST_BYTES = 8;

/** The bytes of one message as they come. */
class Writing {
  #bytes = Buffer.allocUnsafe(4096);
  #at = 0;

  get written(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#bytes, 0, this.#at);
  }

  varint(number: number): void {
    this.#reserve(MOST_BYTES);
    let rest = number;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#at++] = (rest % 0x80) + 0x80;
    this.#bytes[this.#at++] = rest;
  }

  text(value: string): void {
    // UTF-8 has at most three bytes for each of JavaScript's characters.
    this.#reserve(3 * value.length);
    this.#at += this.#bytes.write(value, this.#at);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  double(value: number): void {
    this.#reserve(MOST_BYTES);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  fixed(value: bigint): void {
    this.#reserve(MOST_BYTES);
    this.#at = this.#bytes.writeBigUInt64LE(value, this.#at);
  }

  /** What `write` writes, behind its length. Most lengths are a byte; for a longer one what follows moves up. */
  sized(write: () => void): void {
    this.#reserve(1);
    const from = ++this.#at;
    write();
    const length = this.#at - from;
    const more = varint(length).subarray(1);
    this.#reserve(more.length);
    this.#bytes.copyWithin(from + more.length, from, this.#at);
    this.#bytes[from - 1] = more.length === 0 ? length : (length % 0x80) + 0x80;
    this.#bytes.set(more, from);
    this.#at += more.length;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(2 * (this.#at + bytes));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}

/** The bytes of the message that the fields make. */
export function encodedOf(...fields: readonly Field[]): Uint8Array {
  const into = new Writing();
  for (const write of fields) write(into);
  return into.written;
}

/** A whole number from 0 to 2^53. */
export function varint(number: number): Uint8Array {
  if (number < 0x80) return Uint8Array.of(number);
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

const tag = (into: Writing, field: number, wire: number): void => into.varint(field * 8 + wire);

/** Fields that are written already, as a message that was made before has them. */
export const written =
  (bytes: Uint8Array): Field =>
  (into) =>
    into.raw(bytes);

export const text =
  (field: number, value: string): Field =>
  (into) => {
    tag(into, field, LENGTH);
    into.sized(() => into.text(value));
  };

/** A message within a message. */
export const nested =
  (field: number, ...fields: readonly Field[]): Field =>
  (into) => {
    tag(into, field, LENGTH);
    into.sized(() => {
      for (const write of fields) write(into);
    });
  };

/** uint32, uint64, int64 of what is not negative, bool and enum. */
export const whole =
  (field: number, value: number): Field =>
  (into) => {
    tag(into, field, VARINT);
    into.varint(value);
  };

/** sint32. */
export const signed = (field: number, value: number): Field => whole(field, value < 0 ? -2 * value - 1 : 2 * value);

/** Packed uint64. */
export const wholes =
  (field: number, values: readonly number[]): Field =>
  (into) => {
    tag(into, field, LENGTH);
    into.sized(() => {
      for (const value of values) into.varint(value);
    });
  };

export const double =
  (field: number, value: number): Field =>
  (into) => {
    tag(into, field, FIXED_64);
    into.double(value);
  };

/** fixed64. */
export const fixed =
  (field: number, value: bigint): Field =>
  (into) => {
    tag(into, field, FIXED_64);
    into.fixed(value);
  };
