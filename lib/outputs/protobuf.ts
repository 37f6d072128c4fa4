/**
 * Fields of Protocol Buffers' wire format, each as a list of pieces that a message is joined of.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
export type Field = Uint8Array;

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;

/** A whole number from 0 to 2^53. */
export function varint(number: number): Uint8Array {
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

const tagged = (field: number, wire: number, ...pieces: readonly Uint8Array[]): Field =>
  Buffer.concat([varint(field * 8 + wire), ...pieces]);

const bytes = (field: number, content: Uint8Array): Field => tagged(field, LENGTH, varint(content.length), content);

export const text = (field: number, value: string): Field => bytes(field, Buffer.from(value));

/** A message within a message. */
export const nested = (field: number, ...fields: readonly Field[]): Field => bytes(field, Buffer.concat(fields));

/** uint32, uint64, int64 of what is not negative, bool and enum. */
export const whole = (field: number, value: number): Field => tagged(field, VARINT, varint(value));

/** sint32. */
export const signed = (field: number, value: number): Field => whole(field, value < 0 ? -2 * value - 1 : 2 * value);

/** Packed uint64. */
export const wholes = (field: number, values: readonly number[]): Field =>
  // Most counts are a byte.
  bytes(field, Uint8Array.from(values.flatMap((value) => (value < 0x80 ? value : [...varint(value)]))));

export function double(field: number, value: number): Field {
  const content = Buffer.alloc(8);
  content.writeDoubleLE(value);
  return tagged(field, FIXED_64, content);
}

/** fixed64. */
export function fixed(field: number, value: bigint): Field {
  const content = Buffer.alloc(8);
  content.writeBigUInt64LE(value);
  return tagged(field, FIXED_64, content);
}
