import { isUtf8 } from 'node:buffer';

/**
 * The values of headers as text. HTTP knows bytes only (RFC 9110 §5.5): what is UTF-8 is read so, and any other byte above 0x7f
 * becomes U+DC00 + byte, a lone surrogate, which no UTF-8 makes (PEP 383). So every value goes back with the bytes with which it
 * came, and reads as what its sender meant.
 */
const ESCAPE = 0xdc00;
const ESCAPED = /([\udc80-\udcff])/u;

/** The text of a value whose bytes are given as the letters of Latin-1. */
export function headerText(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  const bytes = Buffer.from(latin1, 'latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return latin1.replaceAll(/[\x80-\xff]/g, (letter) => String.fromCharCode(ESCAPE + letter.charCodeAt(0)));
}

/** The bytes of a text: UTF-8, and those that `headerText` has escaped. */
export function bytesOfText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  return Buffer.concat(
    mapEscaped(
      text,
      (part) => Buffer.from(part),
      (byte) => Buffer.of(byte),
    ),
  );
}

/** The text for a place that takes no bytes, such as JSON: what was escaped is read as Latin-1. */
export const withoutEscapes = (text: string): string =>
  text.isWellFormed() ? text : mapEscaped(text, (part) => part.toWellFormed(), String.fromCharCode).join('');

/** `encodeURIComponent` that takes any text. */
export const percentEncodedBytes = (text: string): string =>
  text.isWellFormed() ? encodeURIComponent(text) : escapedForUrl(text, encodeURIComponent);

/** The text as part of an address, in which everything but escaped bytes stays as it is. */
export const urlText = (text: string): string => (text.isWellFormed() ? text : escapedForUrl(text, (part) => part));

const escapedForUrl = (text: string, encode: (part: string) => string): string =>
  mapEscaped(
    text,
    (part) => encode(part.toWellFormed()),
    (byte) => `%${byte.toString(16).toUpperCase()}`,
  ).join('');

/** Texts between escapes, and escapes, stand in turn. */
const mapEscaped = <T>(text: string, ofText: (part: string) => T, ofByte: (byte: number) => T): T[] =>
  text.split(ESCAPED).map((part, i) => (i % 2 === 0 ? ofText(part) : ofByte(part.charCodeAt(0) - ESCAPE)));
